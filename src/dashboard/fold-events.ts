// What a page makes of the stream, event by event, to be rendered once a frame.
import type { Reactor, ReactorEvent } from "../client/index.ts";
import { Published } from "../react/published.ts";

/** @param fold MUST leave what it is given as it is */
export function foldEvents<T>(reactor: Reactor, first: T, fold: (value: T, event: ReactorEvent) => T): Published<T> {
  const published = new Published(first);
  reactor.on("*", (event) => published.change((value) => fold(value, event)));
  return published;
}
