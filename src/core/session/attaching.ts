// A socket on its way in, after the Worker has checked it.
import type { Cursor } from "../../wire/cursor.ts";
import type { Subscriber } from "../fanout/subscriber.ts";

/** All that a subscriber is, and the cursor to resume after; `null`: the head. */
export interface Attaching extends Omit<Subscriber, "sentSeq" | "catchUp" | "heardMs" | "warnMs"> {
  readonly cursor: Cursor | null;
}
