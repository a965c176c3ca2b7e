// Where the one connection begins that several tabs are to go on with.
import { type Cursor, ORIGIN } from "../wire/cursor.ts";

/** A tab that is so far behind the others reads the log by itself; the others need not get again what they have. */
const NEAR_EVENTS = 1_000;

/**
 * @param cursors of the tabs, the latest last
 * @returns the lowest of those that are near each other; of those in several logs, and those from the beginning, it is the newest's
 */
export function startCursor(cursors: readonly Cursor[]): Cursor | undefined {
  const newest = cursors.filter(({ epoch }) => epoch !== ORIGIN.epoch).at(-1);
  if (!newest) return cursors[0];
  const seqs = cursors.filter(({ epoch }) => epoch === newest.epoch).map(({ seq }) => seq);
  const highest = Math.max(...seqs);
  const near = seqs.filter((seq) => seq >= highest - NEAR_EVENTS);
  return { epoch: newest.epoch, seq: Math.min(...near) };
}
