// What a publisher is answered.
import { formatCursor } from "../../wire/cursor.ts";
import type { Placed } from "./deduplicate.ts";

/** The events are durable. */
export interface Receipt {
  /** The position of the event with the highest seq, as `<epoch>.<seq>`. */
  readonly cursor: string;
  /** One entry per event of the batch, in its order. `duplicate`: it was in the log before, and `seq` is its place there. */
  readonly events: readonly { readonly id: string; readonly seq: number; readonly duplicate: boolean }[];
}

/** @param placed at least one */
export function receiptOf(placed: readonly Placed[], epoch: string): Receipt {
  const events = placed.map(({ draft, seq, duplicate }) => ({
    id: draft.id ?? formatCursor({ epoch, seq }), // as `stamp` makes it
    seq,
    duplicate,
  }));
  const highest = Math.max(...placed.map(({ seq }) => seq));
  return { cursor: formatCursor({ epoch, seq: highest }), events };
}
