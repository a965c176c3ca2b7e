// The client's whole rule for frames. It covers loss, duplicates, filters, batching, catching up and idle progress.
import type { Cursor } from "./cursor.ts";
import type { ReactorEvent } from "./event.ts";
import type { EventsFrame } from "./server-frame.ts";

/** What a frame means to a receiver: a gap before it, or the events that are new to it and its cursor then. */
export type Applied =
  | { readonly gap: true }
  | { readonly gap: false; readonly cursor: Cursor; readonly events: readonly ReactorEvent[] };

/**
 * Applies a frame at `own`, the receiver's cursor. On a gap the receiver MUST drop the frame, keep its cursor and resume
 * from there; else it MUST deliver `events` in order and take `cursor`, even where `events` is empty.
 */
export function applyRange(own: Cursor, frame: EventsFrame): Applied {
  // A log's first event turns 0.0 into <epoch>.0; any other change of epoch is announced by a reset.
  if (frame.cursor.epoch !== own.epoch && own.epoch !== "0") return { gap: true };
  if (frame.after > own.seq) return { gap: true };
  const events = frame.events.filter((event) => event.seq === undefined || event.seq > own.seq);
  return { gap: false, events, cursor: frame.cursor.seq < own.seq ? own : frame.cursor };
}
