// Usage counters of a channel. They follow from its events and calls, so counting needs no write of its own.

/** How many types are counted by name. More types come from a publisher that puts ids into them. */
const MAX_TYPES = 256;

/** The name under which further types are counted. No event has it: a type has no parentheses. */
export const OTHER_TYPES = "(other)";

/** Requests are counted in twentieths, as whole numbers: 20 incoming messages are billed as one. */
export const REQUEST_20THS = 20;
export const MESSAGE_20THS = 1;

export interface Usage {
  /** Events by type since the log's first. A map: a type may be called `__proto__`. */
  readonly byType: ReadonlyMap<string, number>;
  /** Of the kept events, in UTF-8. */
  readonly bytes: number;
  /** How often the hub was constructed. */
  readonly wakes: number;
  /** Rows written to storage, deletions and alarms included: what Cloudflare bills. */
  readonly rowsWritten: number;
  /** Requests to the hub, in twentieths: what Cloudflare bills. Pings that the runtime answers do not count. */
  readonly request20ths: number;
}

/** Usage that goes on. An event MUST be in the log when it is counted: nothing is uncounted. */
export class CountedUsage implements Usage {
  bytes = 0;
  wakes = 0;
  rowsWritten = 0;
  request20ths = 0;
  readonly byType = new Map<string, number>();

  /** Costs are proportional to the events, not to the types. */
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
