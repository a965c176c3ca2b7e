// Rows that the runtime bills: `test/workerd/hub/usage-counters.test.ts` measures them, and `tools/cost-model` must reckon with the same.
export const BILLED_ROWS = {
  /** Its append, and its deletion. */
  event: 2,
  /** The entry in the index of an event whose publisher gave an id; the runtime does not count that entry's deletion. */
  id: 1,
  /** An id whose event is let go within ten minutes: a row, an entry in an index, a deletion. */
  remembered: 3,
  /** An alarm that is set and rings, and the row of `log` that is then written. */
  alarm: 2,
  /** The row of `log` is written once for so many events that are appended, and once for so many that are let go. */
  eventsACount: 1_000,
};
