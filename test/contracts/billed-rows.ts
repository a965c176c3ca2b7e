// Rows that the runtime bills: `test/workerd/hub/usage-counters.test.ts` measures them, and `tools/cost-model` must reckon with the same.
export const BILLED_ROWS = {
  /** A commit of up to 32 kB, however many events it has. */
  commit: 1,
  /** A segment: a commit, or as many small ones as share a page of SQLite. */
  deletion: 1,
  /** What is noted of an event with an id that is deleted within ten minutes: up to a thousand are a row, which is deleted too. */
  note: 4 / 1_000,
  /** An alarm that is set and fires, and the row of `log` that is then written. */
  alarm: 2,
  /** The row of `log` is written once per this many appended events, and once per this many deleted ones. */
  eventsPerCount: 1_000,
};

/** Events that share a segment where each is committed alone, by their size as stored: as the same test measures. */
export const EVENTS_PER_SEGMENT: ReadonlyMap<number, number> = new Map([[280, 13]]);
