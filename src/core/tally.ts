// What is counted of a log: it follows from the events, so it needs no write of its own for each of them.

/** Types that are counted by name. More than that come from a publisher that puts ids into types. */
const MAX_TYPES = 256;

/** Under which the types beyond `MAX_TYPES` are counted. No event has it: a type has no parentheses. */
export const OTHER_TYPES = "(other)";

export interface Tally {
  /** Events by type, since the log's birth. */
  readonly byType: Readonly<Record<string, number>>;
  /** Of the events that are kept, in UTF-8. */
  readonly bytes: number;
  /** How often the hub's memory was made anew. */
  readonly wakes: number;
  /** Rows written to storage, deletions and alarms included: what Cloudflare bills. */
  readonly rowsWritten: number;
}

export const EMPTY_TALLY: Tally = { byType: {}, bytes: 0, wakes: 0, rowsWritten: 0 };

/** `tally` with `events` in it. */
export function withEvents(tally: Tally, events: Iterable<{ readonly type: string; readonly bytes: number }>): Tally {
  const byType = new Map(Object.entries(tally.byType));
  let { bytes } = tally;
  for (const event of events) {
    const type = byType.has(event.type) || byType.size < MAX_TYPES ? event.type : OTHER_TYPES;
    byType.set(type, (byType.get(type) ?? 0) + 1);
    bytes += event.bytes;
  }
  return { ...tally, byType: Object.fromEntries(byType), bytes };
}
