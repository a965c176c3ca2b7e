// The log's contract kept in memory, for tests and simulations: the plainest body that can be right.
import { type Cursor, ORIGIN } from "../wire/cursor.ts";
import type { EventLog, LoggedEvent } from "./log.ts";
import { countExpired, type Retention } from "./retention.ts";
import { EMPTY_TALLY, type Tally, withEvents } from "./tally.ts";

export class MemoryLog implements EventLog {
  cursor: Cursor = ORIGIN;
  bornMs: number | null = null;
  lastMs: number | null = null;
  tally: Tally = EMPTY_TALLY;
  #events: readonly (LoggedEvent & { readonly atMs: number })[] = [];

  get oldest(): number {
    return this.#events[0]?.seq ?? this.cursor.seq + 1;
  }

  get oldestMs(): number | null {
    return this.#events[0]?.atMs ?? null;
  }

  append(events: readonly LoggedEvent[], epoch: string, atMs: number): void {
    const next = this.cursor.seq + 1;
    const wrong = events.find(({ seq }, index) => seq !== next + index);
    if (wrong) throw new Error(`Event ${wrong.seq} does not follow ${this.cursor.seq}.`);
    this.#events = this.#events.concat(events.map((event) => ({ ...event, atMs })));
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.bornMs ??= atMs;
    this.lastMs = atMs;
    const { rowsWritten } = this.tally;
    this.tally = { ...withEvents(this.tally, events), rowsWritten: rowsWritten + events.length };
  }

  *read(after: number): Iterable<LoggedEvent> {
    for (const { seq, type, event, bytes } of this.#events.slice(Math.max(0, after + 1 - this.oldest))) {
      yield { seq, type, event, bytes };
    }
  }

  trim(retention: Retention, nowMs: number): number {
    const { bytes } = this.tally;
    const count = countExpired(this.#events, { events: this.#events.length, bytes }, retention, nowMs);
    const gone = this.#events.slice(0, count).reduce((sum, event) => sum + event.bytes, 0);
    this.#events = this.#events.slice(count);
    this.tally = { ...this.tally, bytes: bytes - gone, rowsWritten: this.tally.rowsWritten + count };
    return count;
  }

  /** Goes on under another epoch, as a hub does whose operator has raised `LOG_GENERATION`. */
  turnEpoch(epoch: string): void {
    this.cursor = { epoch, seq: this.cursor.seq };
  }
}
