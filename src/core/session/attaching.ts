// A socket on its way in, after the Worker has checked it.
import type { Cursor } from "../../wire/cursor.ts";
import type { Subscriber } from "../fanout/subscriber.ts";

/** All that a subscriber is, and where it begins: at the head, unless one of `cursor` and `last` is there. */
export interface Attaching extends Omit<Subscriber, "sentSeq" | "catchUp" | "heardMs" | "wasHeard" | "warnMs"> {
  /** The cursor to resume after. */
  readonly cursor: Cursor | null;
  /** How many of the newest events that match it begins with. */
  readonly last: number | null;
}
