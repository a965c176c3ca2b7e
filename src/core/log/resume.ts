// Decides where a client that resumes from a cursor begins, and whether that is the cursor it asked for.
import { type Cursor, formatCursor, ORIGIN } from "../../wire/cursor.ts";
import type { Reset } from "../../wire/server-frame.ts";
import type { ReadableLog } from "./event-log.ts";

/** `reset` says why a client does not begin where it asked. */
export interface Resumption {
  /** The client's position: everything behind it follows. */
  readonly from: Cursor;
  readonly reset: Reset | null;
}

/**
 * @param asked the cursor to resume after
 * @returns the position asked for, or a reset: a loss is never silent
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
