// The client's whole rule for frames. It covers loss, duplicates, filters, batching, catching up and idle progress.
import type { Cursor } from "./cursor.ts";
import type { ReactorEvent } from "./event.ts";
import type { EventsFrame } from "./server-frame.ts";

/**
 * What a frame means to a receiver: a gap before it, or the events that are new to it and its cursor then.
 *
 * @example
 * ```ts
 * import { type Applied, formatCursor } from "pulse-reactor/wire";
 *
 * const describe = (applied: Applied) =>
 *   applied.gap ? "reconnect" : `${applied.events.length} new, at ${formatCursor(applied.cursor)}`;
 *
 * console.log(describe({ gap: true })); // → reconnect
 * console.log(describe({ gap: false, cursor: { epoch: "k3x9", seq: 44 }, events: [] })); // → 0 new, at k3x9.44
 * ```
 */
export type Applied =
  | { readonly gap: true }
  | { readonly gap: false; readonly cursor: Cursor; readonly events: readonly ReactorEvent[] };

/**
 * Applies a frame at `own`, the receiver's cursor. On a gap the receiver MUST drop the frame, keep its cursor and resume
 * from there; else it MUST deliver `events` in order and take `cursor`, even where `events` is empty. Ephemeral events have no
 * seq, and are always new.
 *
 * @example
 * ```ts
 * import { applyRange, decodeServerFrame } from "pulse-reactor/wire";
 *
 * const events = [{ type: "news_processed", seq: 42 }, { type: "news_processed", seq: 43 }];
 * const text = JSON.stringify({ type: "reactor_events", after: 41, cursor: "k3x9.44", events });
 * const frame = decodeServerFrame(text);
 * if (frame?.type === "reactor_events") {
 *   const applied = applyRange({ epoch: "k3x9", seq: 42 }, frame); // which has 42 already
 *   if (!applied.gap) console.log(applied.events.map(({ seq }) => seq)); // → [43]
 *   console.log(applyRange({ epoch: "k3x9", seq: 40 }, frame).gap); // → true
 * }
 * ```
 */
export function applyRange(own: Cursor, frame: EventsFrame): Applied {
  // A log's first event turns 0.0 into <epoch>.0; any other change of epoch is announced by a reset.
  if (frame.cursor.epoch !== own.epoch && own.epoch !== "0") return { gap: true };
  if (frame.after > own.seq) return { gap: true };
  const events = frame.events.filter((event) => event.seq === undefined || event.seq > own.seq);
  return { gap: false, events, cursor: frame.cursor.seq < own.seq ? own : frame.cursor };
}
