// An event, as subscribers receive it.

/**
 * What JSON can express. Nothing has checked the shape of an event's `data`: its publisher chose it.
 *
 * @example
 * ```ts
 * import { connect, type Json } from "pulse-reactor/client";
 *
 * const titleOf = (data: Json) =>
 *   data !== null && typeof data === "object" && "title" in data ? String(data.title) : "untitled";
 *
 * const reactor = connect({ url: "https://events.example.org" });
 * reactor.on("news_processed", (event) => console.log(titleOf(event.data))); // → Hello
 * ```
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * One event, as its publisher emitted it and the hub stamped it.
 *
 * @example
 * ```ts
 * import { connect, type ReactorEvent } from "pulse-reactor/client";
 *
 * const describe = ({ seq, type, source }: ReactorEvent) => `${seq} ${type} of ${source}`;
 *
 * const reactor = connect({ url: "https://events.example.org" });
 * reactor.on("news_processed", (event) => console.log(describe(event))); // → 2 news_processed of system
 * ```
 */
export interface ReactorEvent<Type extends string = string, Data = Json> {
  /** 1–256 bytes without control characters, `,` and `*`, such as `news_processed` or `Order Completed`. */
  readonly type: Type;
  /** What the publisher gave; `{}` by default. */
  readonly data: Data;
  /** The publisher, 1–256 bytes; `system` by default. `user:` and a token's `sub`: the hub has checked the token. */
  readonly source: string;
  /** RFC 3339. The publisher's where it gave one, else the hub's; it never orders. */
  readonly timestamp: string;
  /** 1–256 bytes. The publisher's, else the event's cursor. */
  readonly id: string;
  /** Its place in the channel's log, from 1. Absent on ephemeral events, which are not logged. */
  readonly seq?: number;
  /** Of a CloudEvent that had one. Its extensions are members beside it, under their own names. */
  readonly subject?: string;
  /** Of a CloudEvent that had one: the URI of the schema of `data`. */
  readonly dataschema?: string;
  /** As it was sent. `data` is a JSON value whatever it says. */
  readonly datacontenttype?: string;
}

/** Whether `type` is the hub's own: legacy pages could not tell it from a control frame, so it is refused from outside. */
export function isReserved(type: string): boolean {
  return type === "echo" || type.startsWith("reactor_") || type.startsWith("websocket_");
}
