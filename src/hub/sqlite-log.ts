// The log's contract kept in a Durable Object's SQLite. The output gate holds every answer and frame until a write is durable.
import type { EventLog, LoggedEvent } from "../core/log.ts";
import { type Cursor, ORIGIN } from "../wire/cursor.ts";
import { isBorn, migrate, VERSION } from "./migrations.ts";

export class SqliteLog implements EventLog {
  cursor: Cursor = ORIGIN;
  bornMs: number | null = null;
  lastMs: number | null = null;
  readonly #storage: DurableObjectStorage;

  /** Reads where the log stands. Writes nothing unless the schema is behind: a channel that was only looked at leaves no trace. */
  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    if (!isBorn(storage.sql)) return;
    migrate(storage.sql);
    const { epoch, born_ms } = storage.sql
      .exec<{ epoch: string; born_ms: number }>("SELECT epoch, born_ms FROM log")
      .one();
    const newest = storage.sql
      .exec<{ seq: number; at_ms: number }>("SELECT seq, at_ms FROM events ORDER BY seq DESC LIMIT 1")
      .one();
    this.cursor = { epoch, seq: newest.seq };
    this.bornMs = born_ms;
    this.lastMs = newest.at_ms;
  }

  append(events: readonly LoggedEvent[], epoch: string, atMs: number): void {
    const { sql } = this.#storage;
    const born = this.bornMs ?? atMs;
    // Nothing but the inserts may stand in here: the gate does not hold what is sent inside a transaction (measured).
    this.#storage.transactionSync(() => {
      if (this.bornMs === null) {
        migrate(sql);
        sql.exec("INSERT INTO log (one, epoch, born_ms, version) VALUES (1, ?, ?, ?)", epoch, atMs, VERSION);
      }
      for (const { seq, type, event } of events) {
        sql.exec("INSERT INTO events (seq, at_ms, type, event) VALUES (?, ?, ?, ?)", seq, atMs, type, event);
      }
    });
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.bornMs = born;
    this.lastMs = atMs;
  }

  read(after: number, limit: number): readonly LoggedEvent[] {
    if (this.bornMs === null) return [];
    return this.#storage.sql
      .exec<{ seq: number; type: string; event: string }>(
        "SELECT seq, type, event FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
        after,
        limit,
      )
      .toArray();
  }
}
