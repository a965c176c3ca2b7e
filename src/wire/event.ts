// An event, as subscribers receive it.

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One event. */
export interface ReactorEvent {
  /** `[A-Za-z0-9_.:/-]{1,128}`, such as `news_processed`. */
  readonly type: string;
  readonly data: Json;
  /** The publisher, 1–256 bytes; `system` by default. */
  readonly source: string;
  /** ISO 8601. The publisher's where it gave a valid one, else the hub's; it never orders. */
  readonly timestamp: string;
  /** 1–256 bytes. The publisher's, else the event's cursor. */
  readonly id: string;
  /** Its place in the channel's log, from 1. Absent on ephemeral events, which are not logged. */
  readonly seq?: number;
}

/** Whether `type` is the hub's own: legacy pages could not tell it from a control frame, so it is refused from outside. */
export function isReserved(type: string): boolean {
  return type === "echo" || type.startsWith("reactor_") || type.startsWith("websocket_");
}
