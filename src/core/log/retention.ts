// How long a log keeps its events: by number, age and size, whichever is reached first.

export interface Retention {
  readonly maxEvents: number;
  readonly maxAgeMs: number;
  /** Of UTF-8, as stored. */
  readonly maxBytes: number;
}

/** What a log, or a part of it, holds. */
export interface Kept {
  readonly events: number;
  readonly bytes: number;
}

/** Events that go in one step at most: about 20 ms. More than one emit brings, so that a full log keeps up. */
export const TRIM_STEP = 2_000;

/** A log that is this much over goes on for a while, so that not every emit into a full log has to delete. */
const SLACK = 1.01;

/** Whether a log has grown so far beyond `retention` that an emit should see to it. */
export function isOver({ maxEvents, maxBytes }: Retention, { events, bytes }: Kept): boolean {
  return events > maxEvents * SLACK || bytes > maxBytes * SLACK;
}

/**
 * Which of the oldest events have to go: how many, and of what size.
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
