// Usage counters, and the part not yet persisted. Counting writes nothing of its own: the unpersisted part goes into the next
// event's row, or into the row of `log` when that is written anyway.
import { CountedUsage, REQUEST_20THS, type Usage } from "../../core/log/usage.ts";
import { type CountedRow, NOTHING_UNPERSISTED, type Unpersisted } from "./event-rows.ts";
import type { LogRow } from "./log-row.ts";

/** The usage is persisted after so many events, so that a wake has no more of them to count again. */
const COUNT_EVERY_EVENTS = 1_000;

export class UsageCounters {
  readonly #usage = new CountedUsage();
  /** Counts this wake from the start. */
  #unpersisted: Unpersisted = { ...NOTHING_UNPERSISTED, wakes: 1 };
  /** Up to which event the row of `log` counts. */
  #countedTo = 0;

  constructor() {
    this.#usage.wakes = 1;
  }

  get usage(): Usage {
    return this.#usage;
  }

  get unpersisted(): Unpersisted {
    return this.#unpersisted;
  }

  /** Restores the row of `log`, and what the events behind it add. */
  restore(log: LogRow, events: readonly CountedRow[]): void {
    const usage = this.#usage;
    for (const [type, count] of Object.entries(JSON.parse(log.by_type) as Record<string, number>)) {
      usage.byType.set(type, count);
    }
    usage.bytes = log.bytes;
    usage.wakes += log.wakes;
    usage.rowsWritten += log.rows;
    usage.request20ths += log.request_20ths;
    usage.add(events);
    for (const { woke, rows, request_20ths, keyed } of events) {
      usage.wakes += woke;
      usage.rowsWritten += 1 + keyed + rows; // its own, its index entry, and what was written before it
      usage.request20ths += request_20ths;
    }
    this.#countedTo = log.counted_to;
  }

  /** Events that were appended, whose rows persisted the unpersisted. @param others further rows */
  appended(events: readonly { type: string; bytes: number; key: string | null }[], others: number): void {
    this.#usage.add(events);
    this.#usage.rowsWritten += events.length + others;
    for (const { key } of events) if (key !== null) this.#usage.rowsWritten += 1;
    this.#unpersisted = NOTHING_UNPERSISTED;
  }

  /** Rows that were written in addition to events. */
  wrote(rows: number): void {
    this.#usage.rowsWritten += rows;
    this.#unpersisted = { ...this.#unpersisted, rows: this.#unpersisted.rows + rows };
  }

  /** A request, or the fraction of one that a message is billed as. */
  requested(request20ths = REQUEST_20THS): void {
    this.#usage.request20ths += request20ths;
    this.#unpersisted = { ...this.#unpersisted, request20ths: this.#unpersisted.request20ths + request20ths };
  }

  /** The usage once the row of `log` is written together with `rows` others, and `bytes` are deleted. */
  usageAfter(rows: number, bytes: number): Usage {
    const usage = this.#usage;
    return { ...usage, rowsWritten: usage.rowsWritten + rows + 1, bytes: usage.bytes - bytes };
  }

  /** The row of `log` has the usage `after`, up to and with the event `seq`. */
  persisted(after: Usage, seq: number): void {
    this.#usage.rowsWritten = after.rowsWritten;
    this.#usage.bytes = after.bytes;
    this.#unpersisted = NOTHING_UNPERSISTED;
    this.#countedTo = seq;
  }

  /** Whether so much was appended since the row of `log` was written that a wake would take long to count it. */
  isDue(seq: number): boolean {
    return seq - this.#countedTo >= COUNT_EVERY_EVENTS;
  }
}
