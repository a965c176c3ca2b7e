// The log's contract kept in a Durable Object's SQLite. The output gate holds every answer and frame until a write is durable.
import type { AppendedEvent, EventLog, LoggedEvent, Remembered } from "../core/log.ts";
import { countExpired, type Retention, TRIM_STEP } from "../core/retention.ts";
import { EMPTY_TALLY, type Tally, withEvents } from "../core/tally.ts";
import { type Cursor, ORIGIN } from "../wire/cursor.ts";
import { forget, recall, remember } from "./memory-of-keys.ts";
import { isBorn, migrate, VERSION } from "./migrations.ts";

/** What was counted is written down after so many events, so that a wake has no more of them to count again. */
const COUNT_EVERY_EVENTS = 1_000;

export class SqliteLog implements EventLog {
  cursor: Cursor = ORIGIN;
  oldest = 1;
  oldestMs: number | null = null;
  bornMs: number | null = null;
  lastMs: number | null = null;
  /** Up to which seq all who were live had been told everything when that was last written down. */
  toldTo = 0;
  /** This wake is in it from the start, and is written down with the next event. */
  tally: Tally = { ...EMPTY_TALLY, wakes: 1 };
  readonly #storage: DurableObjectStorage;
  readonly #generation: string;
  /** Up to which event the row of `log` has counted. */
  #countedTo = 0;
  /** Wakes, and rows written besides events, that no row tells of yet. */
  #untold = { wakes: 1, rows: 0 };

  /**
   * Reads where the log stands. Writes only where the schema is behind or the generation has changed: a channel that
   * was only looked at leaves no trace.
   *
   * @param generation as `LOG_GENERATION` has it; where it differs from the log's, the log goes on under a fresh epoch
   */
  constructor(storage: DurableObjectStorage, generation: string, freshEpoch: () => string) {
    this.#storage = storage;
    this.#generation = generation;
    const { sql } = storage;
    if (!isBorn(sql)) return;
    storage.transactionSync(() => migrate(sql)); // all of it, or a later start would find half of it
    const log = sql.exec<LogRow>("SELECT * FROM log").one();
    const [epoch, isNew] = log.generation === generation ? [log.epoch, false] : [freshEpoch(), true];
    this.bornMs = log.born_ms;
    this.#countedTo = log.counted_to;
    this.toldTo = log.told_to;
    this.#count(
      log,
      sql.exec<CountedRow>(
        "SELECT type, bytes, woke, rows, key IS NOT NULL AS keyed FROM events WHERE seq > ?",
        log.counted_to,
      ),
    );
    const newest = sql.exec<TimeRow>("SELECT seq, at_ms FROM events ORDER BY seq DESC LIMIT 1").toArray()[0];
    this.cursor = { epoch, seq: newest?.seq ?? log.counted_to };
    this.lastMs = newest?.at_ms ?? log.last_ms;
    this.#findOldest();
    if (isNew) {
      sql.exec("UPDATE log SET epoch = ?, generation = ?", epoch, generation);
      this.rowWritten();
    }
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    const { sql } = this.#storage;
    const untold = this.#untold;
    const insert = () => {
      if (this.bornMs === null) {
        migrate(sql);
        sql.exec(
          "INSERT INTO log (one, version, epoch, generation, born_ms, rows) VALUES (1, ?, ?, ?, ?, 1)",
          ...[VERSION, epoch, this.#generation, atMs],
        );
      }
      for (const [index, { seq, type, event, bytes, key }] of events.entries()) {
        sql.exec(
          "INSERT INTO events (seq, at_ms, type, event, bytes, woke, rows, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          ...[seq, atMs, type, event, bytes, index === 0 ? untold.wakes : 0, index === 0 ? untold.rows : 0, key],
        );
      }
    };
    // One row is all or nothing by itself. Nothing but the inserts may stand in a transaction: the gate does not hold what
    // is sent inside one (measured).
    if (this.bornMs !== null && events.length === 1) insert();
    else this.#storage.transactionSync(insert);
    if (this.oldestMs === null) [this.oldest, this.oldestMs] = [this.cursor.seq + 1, atMs];
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.lastMs = atMs;
    this.#untold = { wakes: 0, rows: 0 };
    const keyed = events.filter(({ key }) => key !== null).length; // an entry of the index each
    const rowsWritten = this.tally.rowsWritten + events.length + keyed + (this.bornMs === null ? 1 : 0); // `log`
    this.tally = { ...withEvents(this.tally, events), rowsWritten };
    this.bornMs ??= atMs;
  }

  recall(key: string, nowMs: number): Remembered | undefined {
    return this.bornMs === null ? undefined : recall(this.#storage.sql, key, nowMs);
  }

  *read(after: number): Iterable<LoggedEvent> {
    if (this.bornMs === null) return;
    const rows = "SELECT seq, type, event, bytes FROM events WHERE seq > ? ORDER BY seq";
    yield* this.#storage.sql.exec<LoggedEvent & Row>(rows, after);
  }

  trim(retention: Retention, nowMs: number): number {
    if (this.bornMs === null) return 0;
    this.#wrote(forget(this.#storage.sql, nowMs));
    const rows = "SELECT bytes, at_ms AS atMs FROM events ORDER BY seq LIMIT ?";
    const oldest = this.#storage.sql.exec<{ bytes: number; atMs: number }>(rows, TRIM_STEP).toArray();
    const kept = { events: this.cursor.seq + 1 - this.oldest, bytes: this.tally.bytes };
    const count = countExpired(oldest, kept, retention, nowMs);
    if (count === 0) return 0;
    const gone = oldest.slice(0, count).reduce((sum, { bytes }) => sum + bytes, 0);
    let tally = { ...this.tally, bytes: this.tally.bytes - gone };
    this.#storage.transactionSync(() => {
      const { sql } = this.#storage;
      const written = remember(sql, this.oldest + count, nowMs);
      const { rowsWritten: deleted } = sql.exec("DELETE FROM events WHERE seq < ?", this.oldest + count);
      tally = { ...tally, rowsWritten: tally.rowsWritten + 1 + written + deleted };
      this.#writeCounts(tally); // what goes was counted, and cannot be again
    });
    this.#counted(tally);
    this.#findOldest();
    return count;
  }

  /** Whether so much has been appended since the last `writeTally` that a wake would have long to count. */
  get isTallyDue(): boolean {
    return this.cursor.seq - this.#countedTo >= COUNT_EVERY_EVENTS;
  }

  /**
   * Writes down what was counted: one row. For when something else is written anyway.
   *
   * @param toldTo up to which seq all live readers are told everything, if somebody knows
   */
  writeTally(toldTo = this.toldTo): void {
    if (this.bornMs === null) return;
    this.toldTo = toldTo;
    const tally = { ...this.tally, rowsWritten: this.tally.rowsWritten + 1 };
    this.#writeCounts(tally);
    this.#counted(tally);
  }

  /** Counts a row that was written besides events. */
  rowWritten(): void {
    this.#wrote(1);
  }

  #wrote(rows: number): void {
    this.tally = { ...this.tally, rowsWritten: this.tally.rowsWritten + rows };
    this.#untold = { ...this.#untold, rows: this.#untold.rows + rows };
  }

  #writeCounts({ byType, bytes, wakes, rowsWritten }: Tally): void {
    this.#storage.sql.exec(
      "UPDATE log SET counted_to = ?, told_to = ?, last_ms = ?, bytes = ?, by_type = ?, wakes = ?, rows = ?",
      ...[this.cursor.seq, this.toldTo, this.lastMs, bytes, JSON.stringify(byType), wakes, rowsWritten],
    );
  }

  #counted(tally: Tally): void {
    this.tally = tally;
    this.#countedTo = this.cursor.seq;
    this.#untold = { wakes: 0, rows: 0 };
  }

  /** What the row of `log` knows, and what the events behind it say. */
  #count(log: LogRow, uncounted: Iterable<CountedRow>): void {
    const events = [...uncounted];
    const sum = (of: (event: CountedRow) => number) => events.reduce((total, event) => total + of(event), 0);
    const before = {
      byType: JSON.parse(log.by_type) as Record<string, number>,
      bytes: log.bytes,
      wakes: this.tally.wakes + log.wakes + sum(({ woke }) => woke),
      rowsWritten: log.rows + events.length + sum(({ rows, keyed }) => rows + keyed),
    };
    this.tally = withEvents(before, events);
  }

  #findOldest(): void {
    const row = this.#storage.sql.exec<TimeRow>("SELECT seq, at_ms FROM events ORDER BY seq LIMIT 1").toArray()[0];
    this.oldest = row?.seq ?? this.cursor.seq + 1;
    this.oldestMs = row?.at_ms ?? null;
  }
}

type Row = Record<string, SqlStorageValue>;
type TimeRow = { seq: number; at_ms: number };
type CountedRow = { type: string; bytes: number; woke: number; rows: number; keyed: number };
type LogRow = {
  epoch: string;
  generation: string;
  born_ms: number;
  counted_to: number;
  told_to: number;
  last_ms: number;
  bytes: number;
  by_type: string;
  wakes: number;
  rows: number;
};
