// Retention: a log keeps its events by number, age and size, whichever is reached first.

export interface Retention {
  readonly maxEvents: number;
  readonly maxAgeMs: number;
  /** In UTF-8, as stored. */
  readonly maxBytes: number;
}

/** Of a log, or a part of it. */
export interface Kept {
  readonly events: number;
  readonly bytes: number;
}

/** What is deleted together. `lastMs`: when its newest event was appended. */
export interface Piece extends Kept {
  readonly lastMs: number;
}

/** How many events one step deletes at most, unless one piece has more. More than one emit appends, so that a full log keeps up. */
export const TRIM_STEP = 2_000;

/** How many bytes of events one step deletes at most, unless one piece has more: 4 MiB is the largest emit. */
export const TRIM_STEP_BYTES = 16 * 1024 * 1024;

/** A log may exceed its limits by this factor, so that not every emit into a full log has to delete. */
const SLACK = 1.01;

/** Whether a log exceeds `retention` so far that an emit must delete, and can. @param oldest what would be deleted first */
export function isOver({ maxEvents, maxBytes }: Retention, { events, bytes }: Kept, oldest: Kept): boolean {
  const isOverEvents = events > maxEvents * SLACK && events - oldest.events >= maxEvents;
  return isOverEvents || (bytes > maxBytes * SLACK && bytes - oldest.bytes >= maxBytes);
}

/**
 * How many of the oldest pieces have to be deleted. A piece is deleted when all of its events are too old, or when what is
 * left without it is still as much as is to be kept.
 *
 * @param oldest the pieces from the oldest on; no more are taken than one step may delete
 */
export function expired(
  oldest: Iterable<Piece>,
  kept: Kept,
  { maxEvents, maxAgeMs, maxBytes }: Retention,
  nowMs: number,
): number {
  let { events, bytes } = kept;
  let count = 0;
  for (const piece of oldest) {
    events -= piece.events;
    bytes -= piece.bytes;
    const isKept = events < maxEvents && bytes < maxBytes && piece.lastMs + maxAgeMs > nowMs;
    const isTooMuch = count > 0 && (kept.events - events > TRIM_STEP || kept.bytes - bytes > TRIM_STEP_BYTES);
    if (isKept || isTooMuch) break;
    count += 1;
  }
  return count;
}
