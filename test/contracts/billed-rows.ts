// Rows that the runtime bills: `test/workerd/hub/usage-counters.test.ts` measures them, and `tools/cost/cost-model.ts` must
// have the same.
export const BILLED_ROWS = {
  /** Its append, and its deletion. */
  event: 2,
  /** The entry in the index of an event whose publisher gave an id; the runtime does not count that entry's deletion. */
  id: 1,
  /** An id whose event is deleted within ten minutes: a row, an index entry, a deletion. */
  remembered: 3,
  /** An alarm that is set and fires, and the row of `log` that is then written. */
  alarm: 2,
  /** The row of `log` is written once per this many appended events, and once per this many deleted ones. */
  eventsPerCount: 1_000,
};
