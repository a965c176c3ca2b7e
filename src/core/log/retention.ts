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

/** How many events one step deletes at most: about 20 ms. More than one emit appends, so that a full log keeps up. */
export const TRIM_STEP = 2_000;

/** A log may exceed its limits by this factor, so that not every emit into a full log has to delete. */
const SLACK = 1.01;

/** Whether a log exceeds `retention` so far that an emit must delete. */
export function isOver({ maxEvents, maxBytes }: Retention, { events, bytes }: Kept): boolean {
  return events > maxEvents * SLACK || bytes > maxBytes * SLACK;
}

/**
 * How many of the oldest events have to be deleted, and their size.
 *
 * @param oldest the kept events from the oldest on; no more are taken than one step may remove
 */
export function expired(
  oldest: Iterable<{ readonly bytes: number; readonly atMs: number }>,
  kept: Kept,
  { maxEvents, maxAgeMs, maxBytes }: Retention,
  nowMs: number,
): Kept {
  let { events, bytes } = kept;
  for (const event of oldest) {
    const isKept = events <= maxEvents && bytes <= maxBytes && event.atMs + maxAgeMs > nowMs;
    if (isKept || kept.events - events === TRIM_STEP) break;
    events -= 1;
    bytes -= event.bytes;
  }
  return { events: kept.events - events, bytes: kept.bytes - bytes };
}
