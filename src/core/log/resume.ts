// Where a reader that comes with a cursor begins, and whether that is where it asked to begin.
import { type Cursor, formatCursor, ORIGIN } from "../../wire/cursor.ts";
import type { Reset } from "../../wire/server-frame.ts";
import type { ReadableLog } from "./event-log.ts";

/** `reset` says why a reader does not begin where it asked. */
export interface Resumption {
  /** The reader's place: everything behind it follows. */
  readonly from: Cursor;
  readonly reset: Reset | null;
}

/**
 * @param asked the cursor that the reader came with
 * @returns the place asked for, or a reset: never silence about what is lost
 */
export function resume(asked: Cursor, log: ReadableLog): Resumption {
  const { epoch, seq: head } = log.cursor;
  const beforeOldest = log.oldest - 1;
  const reset = (reason: Reset["reason"], seq: number): Resumption => ({
    from: { epoch, seq },
    reset: {
      reason,
      oldest: formatCursor({ epoch, seq: Math.min(log.oldest, head) }),
      cursor: formatCursor({ epoch, seq }),
    },
  });
  const isFromBeginning = asked.epoch === ORIGIN.epoch && asked.seq === ORIGIN.seq;
  if (!isFromBeginning && asked.epoch !== epoch) return reset("epoch", head);
  if (asked.seq > head) return reset("ahead", head);
  if (asked.seq < beforeOldest) return reset("trimmed", beforeOldest);
  return { from: { epoch, seq: asked.seq }, reset: null };
}
