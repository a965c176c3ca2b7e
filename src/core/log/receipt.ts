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

/** @param placed at least one draft */
export function receiptOf({ drafts, fresh, firstSeq, duplicates }: Placed, epoch: string): Receipt {
  let next = firstSeq;
  const events = drafts.map(({ id }, index) => {
    const known = duplicates.get(index);
    const seq = known ?? next++;
    return { id: id ?? formatCursor({ epoch, seq }), seq, duplicate: known !== undefined }; // the id as `stamp` makes it
  });
  const highest = fresh.length > 0 ? next - 1 : Math.max(...duplicates.values());
  return { cursor: formatCursor({ epoch, seq: highest }), events };
}
