// What a hub has counted, and what of it no row tells of yet. Nothing is written for its sake: what is untold travels in the
// next event's row, or in the row of `log` when that is written anyway.
import { CountedUsage, REQUEST_20THS, type Usage } from "../../core/log/usage.ts";
import { type CountedRow, NOTHING_UNPERSISTED, type Unpersisted } from "./event-rows.ts";
import type { LogRow } from "./log-row.ts";

/** What was counted is written down after so many events, so that a wake has no more of them to count again. */
const COUNT_EVERY_EVENTS = 1_000;

export class UsageCounters {
  readonly #usage = new CountedUsage();
  /** This wake is in it from the start. */
  #unpersisted: Unpersisted = { ...NOTHING_UNPERSISTED, wakes: 1 };
  /** Up to which event the row of `log` has counted. */
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

  /** Takes up what the row of `log` knows, and what the events behind it say. */
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
      usage.rowsWritten += 1 + keyed + rows; // its own, its entry in the index, and what was written before it
      usage.request20ths += request_20ths;
    }
    this.#countedTo = log.counted_to;
  }

  /** Events that are in the log, whose rows told what was untold. @param others rows that tell of themselves */
  appended(events: readonly { type: string; bytes: number; key: string | null }[], others: number): void {
    this.#usage.add(events);
    this.#usage.rowsWritten += events.length + others;
    for (const { key } of events) if (key !== null) this.#usage.rowsWritten += 1;
    this.#unpersisted = NOTHING_UNPERSISTED;
  }

  /** Rows that were written besides events. */
  wrote(rows: number): void {
    this.#usage.rowsWritten += rows;
    this.#unpersisted = { ...this.#unpersisted, rows: this.#unpersisted.rows + rows };
  }

  /** A request, or of one what a message is billed as. */
  requested(request20ths = REQUEST_20THS): void {
    this.#usage.request20ths += request20ths;
    this.#unpersisted = { ...this.#unpersisted, request20ths: this.#unpersisted.request20ths + request20ths };
  }

  /** How it will stand once the row of `log` is written together with `rows` others, and `bytes` are gone. */
  standing(rows: number, bytes: number): Usage {
    const usage = this.#usage;
    return { ...usage, rowsWritten: usage.rowsWritten + rows + 1, bytes: usage.bytes - bytes };
  }

  /** The row of `log` says `standing`, up to and with the event `seq`. */
  sentSeq(standing: Usage, seq: number): void {
    this.#usage.rowsWritten = standing.rowsWritten;
    this.#usage.bytes = standing.bytes;
    this.#unpersisted = NOTHING_UNPERSISTED;
    this.#countedTo = seq;
  }

  /** Whether so much was appended since the row of `log` was written that a wake would have long to count. */
  isDue(seq: number): boolean {
    return seq - this.#countedTo >= COUNT_EVERY_EVENTS;
  }
}
