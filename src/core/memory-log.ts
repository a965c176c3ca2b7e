// The log's contract kept in memory, for tests and simulations: the plainest body that can be right.
import { type Cursor, ORIGIN } from "../wire/cursor.ts";
import type { EventLog, LoggedEvent } from "./log.ts";

export class MemoryLog implements EventLog {
  cursor: Cursor = ORIGIN;
  bornMs: number | null = null;
  lastMs: number | null = null;
  readonly #events: LoggedEvent[] = [];

  append(events: readonly LoggedEvent[], epoch: string, atMs: number): void {
    const next = this.cursor.seq + 1;
    const wrong = events.find(({ seq }, index) => seq !== next + index);
    if (wrong) throw new Error(`Event ${wrong.seq} does not follow ${this.cursor.seq}.`);
    this.#events.push(...events);
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.bornMs ??= atMs;
    this.lastMs = atMs;
  }

  read(after: number, limit: number): readonly LoggedEvent[] {
    return this.#events.slice(after, after + limit);
  }
}
