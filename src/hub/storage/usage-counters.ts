// What a hub has counted, and what of it no row tells of yet. Nothing is written for its sake: what is untold travels in the
// next event's row, or in the row of `log` when that is written anyway.
import { Counting, REQUEST_20THS, type Tally } from "../../core/log/usage.ts";
import { type CountedRow, NOTHING_UNTOLD, type Untold } from "./event-rows.ts";
import type { LogRow } from "./log-row.ts";

/** What was counted is written down after so many events, so that a wake has no more of them to count again. */
const COUNT_EVERY_EVENTS = 1_000;

export class Ledger {
  readonly #tally = new Counting();
  /** This wake is in it from the start. */
  #untold: Untold = { ...NOTHING_UNTOLD, wakes: 1 };
  /** Up to which event the row of `log` has counted. */
  #countedTo = 0;

  constructor() {
    this.#tally.wakes = 1;
  }

  get tally(): Tally {
    return this.#tally;
  }

  get untold(): Untold {
    return this.#untold;
  }

  /** Takes up what the row of `log` knows, and what the events behind it say. */
  restore(log: LogRow, events: readonly CountedRow[]): void {
    const tally = this.#tally;
    for (const [type, count] of Object.entries(JSON.parse(log.by_type) as Record<string, number>)) {
      tally.byType.set(type, count);
    }
    tally.bytes = log.bytes;
    tally.wakes += log.wakes;
    tally.rowsWritten += log.rows;
    tally.request20ths += log.request_20ths;
    tally.add(events);
    for (const { woke, rows, request_20ths, keyed } of events) {
      tally.wakes += woke;
      tally.rowsWritten += 1 + keyed + rows; // its own, its entry in the index, and what was written before it
      tally.request20ths += request_20ths;
    }
    this.#countedTo = log.counted_to;
  }

  /** Events that are in the log, whose rows told what was untold. @param others rows that tell of themselves */
  appended(events: readonly { type: string; bytes: number; key: string | null }[], others: number): void {
    this.#tally.add(events);
    this.#tally.rowsWritten += events.length + others;
    for (const { key } of events) if (key !== null) this.#tally.rowsWritten += 1;
    this.#untold = NOTHING_UNTOLD;
  }

  /** Rows that were written besides events. */
  wrote(rows: number): void {
    this.#tally.rowsWritten += rows;
    this.#untold = { ...this.#untold, rows: this.#untold.rows + rows };
  }

  /** A request, or of one what a message is billed as. */
  requested(request20ths = REQUEST_20THS): void {
    this.#tally.request20ths += request20ths;
    this.#untold = { ...this.#untold, request20ths: this.#untold.request20ths + request20ths };
  }

  /** How it will stand once the row of `log` is written together with `rows` others, and `bytes` are gone. */
  standing(rows: number, bytes: number): Tally {
    const tally = this.#tally;
    return { ...tally, rowsWritten: tally.rowsWritten + rows + 1, bytes: tally.bytes - bytes };
  }

  /** The row of `log` says `standing`, up to and with the event `seq`. */
  told(standing: Tally, seq: number): void {
    this.#tally.rowsWritten = standing.rowsWritten;
    this.#tally.bytes = standing.bytes;
    this.#untold = NOTHING_UNTOLD;
    this.#countedTo = seq;
  }

  /** Whether so much was appended since the row of `log` was written that a wake would have long to count. */
  isDue(seq: number): boolean {
    return seq - this.#countedTo >= COUNT_EVERY_EVENTS;
  }
}
