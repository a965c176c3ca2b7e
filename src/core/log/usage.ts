// What is counted of a log, in place: it follows from its events and calls, so it needs no write of its own for each of them.

/** Types that are counted by name. More than that come from a publisher that puts ids into types. */
const MAX_TYPES = 256;

/** Under which the types beyond `MAX_TYPES` are counted. No event has it: a type has no parentheses. */
export const OTHER_TYPES = "(other)";

/** Requests are counted in twentieths, as whole numbers: 20 incoming messages are billed as one. */
export const REQUEST_20THS = 20;
export const MESSAGE_20THS = 1;

export interface Usage {
  /** Events by type, since the log's birth. A map: a type may be named as what every object has (`__proto__`). */
  readonly byType: ReadonlyMap<string, number>;
  /** Of the events that are kept, in UTF-8. */
  readonly bytes: number;
  /** How often the hub's memory was made anew. */
  readonly wakes: number;
  /** Rows written to storage, deletions and alarms included: what Cloudflare bills. */
  readonly rowsWritten: number;
  /** Requests to the hub, in twentieths: what Cloudflare bills. Pings that the runtime answers are not seen. */
  readonly request20ths: number;
}

/** A tally that goes on. Whoever counts an event MUST have it in the log: what was counted is not taken back. */
export class CountedUsage implements Usage {
  bytes = 0;
  wakes = 0;
  rowsWritten = 0;
  request20ths = 0;
  readonly byType = new Map<string, number>();

  /** The work is that of the events, however many types there are. */
  add(events: Iterable<{ readonly type: string; readonly bytes: number }>): void {
    const counts = this.byType;
    for (const { type, bytes } of events) {
      const known = counts.get(type);
      if (known !== undefined || counts.size < MAX_TYPES) counts.set(type, (known ?? 0) + 1);
      else counts.set(OTHER_TYPES, (counts.get(OTHER_TYPES) ?? 0) + 1);
      this.bytes += bytes;
    }
  }
}
