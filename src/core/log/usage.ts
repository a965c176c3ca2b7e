// Usage counters of a channel. They follow from its events, calls and sockets, so counting needs no write of its own.
import { Counts, type StoredCounts } from "../counts/counts.ts";

/** How many types are counted by name, here and by the bus. More types come from a publisher that puts ids into them. */
const MAX_TYPES = 256;

/** The name under which further types are counted. No event has it: a type has no parentheses. */
export const OTHER_TYPES = "(other)";

/** Twenty incoming messages are billed as one request. */
export const MESSAGES_PER_REQUEST = 20;

/** What only grows, and is stored with whatever is written next. */
export interface Counters extends StoredCounts {
  /** How often the hub was constructed. */
  readonly wakes: number;
  /** Rows written to storage, deletions and alarms included: what Cloudflare bills. */
  readonly rowsWritten: number;
  /** Calls, upgrades and alarms: what Cloudflare bills. */
  readonly requests: number;
  /** Incoming messages, without pings that the runtime answers. */
  readonly messages: number;
}

/** Of two states of the same counters the later one. */
export function latest(a: Counters, b: Counters): Counters {
  return a.rowsWritten > b.rowsWritten ? a : b; // each write is a row
}

export interface Usage extends Counters {
  /** What is counted of sockets and refusals. Stored as `deliveries` and `tallies`. */
  readonly counts: Counts;
  /** Events by type since the log's first. A map: a type may be called `__proto__`. */
  readonly byType: ReadonlyMap<string, number>;
  /** Of the kept events, in UTF-8. */
  readonly bytes: number;
}

/** Usage that goes on. An event MUST be in the log when it is counted: nothing is uncounted. */
export class CountedUsage implements Usage {
  bytes = 0;
  wakes = 0;
  rowsWritten = 0;
  requests = 0;
  messages = 0;
  readonly counts = new Counts();
  readonly byType = new Map<string, number>();

  get deliveries(): number {
    return this.counts.deliveries;
  }

  get tallies(): string {
    return this.counts.tallies;
  }

  get counters(): Counters {
    const { wakes, rowsWritten, requests, messages, deliveries, tallies } = this;
    return { wakes, rowsWritten, requests, messages, deliveries, tallies };
  }

  /** Adds counters that were stored: this object counts on from them. */
  restore({ wakes, rowsWritten, requests, messages, ...counts }: Counters): void {
    this.wakes += wakes;
    this.rowsWritten += rowsWritten;
    this.requests += requests;
    this.messages += messages;
    this.counts.restore(counts);
  }

  /** Counts `count` events of a type. */
  addType(type: string, count: number): void {
    countType(this.byType, type, count);
  }

  addTypes(types: ReadonlyMap<string, number>): void {
    for (const [type, count] of types) this.addType(type, count);
  }
}

/** Counts `count` events of a type, under its own name or, if there are too many names, under `OTHER_TYPES`. */
export function countType(counts: Map<string, number>, type: string, count: number): void {
  const known = counts.get(type);
  if (known !== undefined || counts.size < MAX_TYPES) counts.set(type, (known ?? 0) + count);
  else counts.set(OTHER_TYPES, (counts.get(OTHER_TYPES) ?? 0) + count);
}
