// The figures that are shown, from what the hub said last and what has come since: none may contradict another.
import { type Cursor, parseCursor } from "../../wire/cursor.ts";
import type { Stats } from "./hub-stats.ts";

/** `null`: not known. */
export interface Figures {
  readonly taken: number | null;
  readonly lastEventMs: number | null;
  /** How many events the hub has that this page has not received yet. */
  readonly lag: number | null;
}

/**
 * An event's `seq` is the number of events that the hub had taken then, so what came since the hub was asked counts.
 *
 * @param stats `null`: the hub has not said yet
 * @param cursor the connection's
 * @param seenMs the time of the newest event that this page received; `null`: none yet
 */
export function figuresOf(stats: Stats | null, cursor: string | undefined, seenMs: number | null): Figures {
  const own = cursor === undefined ? undefined : parseCursor(cursor);
  const head = stats?.head ?? null;
  const known = stats?.lastEventMs ?? null;
  const lastEventMs = known === null ? seenMs : Math.max(known, seenMs ?? 0);
  if (!own || !stats || !isOneLog(head, own)) {
    return { taken: stats?.taken ?? null, lastEventMs, lag: null };
  }
  const taken = Math.max(stats.taken ?? 0, own.seq);
  return { taken, lastEventMs, lag: lagOf(head, own) };
}

/** A log without events has no name yet. */
function isOneLog(head: Cursor | null, own: Cursor): boolean {
  return head === null || head.epoch === own.epoch || head.seq === 0 || own.seq === 0;
}

function lagOf(head: Cursor | null, own: Cursor): number | null {
  return head && Math.max(0, head.seq - own.seq);
}
