// The log in a Durable Object's SQLite. The output gate holds every answer and frame until a write is durable.
import type { AppendedEvent, EventLog, KnownEvent, LoggedEvent } from "../../core/log/event-log.ts";
import { expired, type Retention, TRIM_STEP } from "../../core/log/retention.ts";
import { MESSAGE_20THS, type Usage } from "../../core/log/usage.ts";
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import {
  countedAfter,
  deleteEvents,
  eventsAfter,
  insertEvents,
  newestEvent,
  oldestEvent,
  oldestSizes,
} from "./event-rows.ts";
import { findKey, keepKeys, purgeKeys } from "./idempotency-keys.ts";
import { insertLogRow, readLogRow, turnEpoch, writeCounts } from "./log-row.ts";
import { isBorn, migrate } from "./migrations.ts";
import { UsageCounters } from "./usage-counters.ts";

export class SqliteLog implements EventLog {
  cursor: Cursor = ORIGIN;
  oldest = 1;
  oldestMs: number | null = null;
  bornMs: number | null = null;
  lastMs: number | null = null;
  /** Up to which seq all live sockets had been sent everything, as last persisted. */
  flushedSeq = 0;
  readonly #storage: DurableObjectStorage;
  readonly #generation: string;
  readonly #usageCounters = new UsageCounters();

  /**
   * Reads the log's state. Writes only where the schema is behind or the generation has changed: a channel that was only
   * looked at leaves no trace.
   *
   * @param generation as `LOG_GENERATION` has it; where it differs from the log's, the log goes on under a fresh epoch
   */
  constructor(storage: DurableObjectStorage, generation: string, freshEpoch: () => string) {
    this.#storage = storage;
    this.#generation = generation;
    const { sql } = storage;
    if (!isBorn(sql)) return;
    storage.transactionSync(() => migrate(sql)); // all of it, or a later start would find half of it
    const log = readLogRow(sql);
    const [epoch, isNew] = log.generation === generation ? [log.epoch, false] : [freshEpoch(), true];
    this.bornMs = log.born_ms;
    this.flushedSeq = log.told_to;
    this.#usageCounters.restore(log, countedAfter(sql, log.counted_to));
    const newest = newestEvent(sql);
    this.cursor = { epoch, seq: newest?.seq ?? log.counted_to };
    this.lastMs = newest?.at_ms ?? log.last_ms;
    this.#findOldest();
    if (isNew) {
      turnEpoch(sql, epoch, generation);
      this.rowWritten();
    }
  }

  get usage(): Usage {
    return this.#usageCounters.usage;
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    const { sql } = this.#storage;
    const { unpersisted } = this.#usageCounters;
    const isBirth = this.bornMs === null;
    const insert = () => {
      if (isBirth) {
        migrate(sql);
        insertLogRow(sql, epoch, this.#generation, atMs);
      }
      insertEvents(sql, events, atMs, unpersisted);
    };
    // One row is all or nothing by itself, and a savepoint would cost a tenth of its emit. Nothing but the inserts may
    // stand in a transaction: the gate does not hold what is sent inside one (measured).
    if (!isBirth && events.length === 1) insert();
    else this.#storage.transactionSync(insert);
    if (this.oldestMs === null) [this.oldest, this.oldestMs] = [this.cursor.seq + 1, atMs];
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.lastMs = atMs;
    this.bornMs ??= atMs;
    this.#usageCounters.appended(events, isBirth ? 1 : 0); // that of `log`
  }

  findKey(key: string, nowMs: number): KnownEvent | undefined {
    return this.bornMs === null ? undefined : findKey(this.#storage.sql, key, nowMs);
  }

  *read(after: number): Iterable<LoggedEvent> {
    if (this.bornMs !== null) yield* eventsAfter(this.#storage.sql, after);
  }

  trim(retention: Retention, nowMs: number): number {
    if (this.bornMs === null) return 0;
    const { sql } = this.#storage;
    this.#usageCounters.wrote(purgeKeys(sql, nowMs));
    const kept = { events: this.cursor.seq + 1 - this.oldest, bytes: this.usage.bytes };
    const { events: count, bytes: gone } = expired(oldestSizes(sql, TRIM_STEP), kept, retention, nowMs);
    if (count === 0) return 0;
    this.#writeCounts(gone, () => {
      const written = keepKeys(sql, this.oldest + count, nowMs);
      return written + deleteEvents(sql, this.oldest + count);
    });
    this.#findOldest();
    return count;
  }

  /** Whether so much was appended since the last `writeUsage` that a wake would take long to count it. */
  get isUsageDue(): boolean {
    return this.#usageCounters.isDue(this.cursor.seq);
  }

  /**
   * Persists the usage: one row. For when something else is written anyway.
   *
   * @param flushedSeq up to which seq all live sockets were sent everything, if that is known
   */
  writeUsage(flushedSeq = this.flushedSeq): void {
    if (this.bornMs === null) return;
    this.flushedSeq = flushedSeq;
    this.#writeCounts(0, () => 0);
  }

  /** Counts a row that was written in addition to events. */
  rowWritten(): void {
    this.#usageCounters.wrote(1);
  }

  /** Counts a billed request. */
  requested(): void {
    this.#usageCounters.requested();
  }

  /** Counts an incoming message: twenty of them are billed as a request. */
  heard(): void {
    this.#usageCounters.requested(MESSAGE_20THS);
  }

  /** Persists the usage, all or nothing with what `act` writes. @param act returns how many rows it wrote */
  #writeCounts(gone: number, act: () => number): void {
    const { sql } = this.#storage;
    const { cursor, flushedSeq, lastMs } = this;
    const usage = this.#storage.transactionSync(() => {
      const after = this.#usageCounters.usageAfter(act(), gone);
      writeCounts(sql, { countedTo: cursor.seq, flushedSeq, lastMs }, after); // what is deleted was counted, and is not counted again
      return after;
    });
    this.#usageCounters.persisted(usage, cursor.seq);
  }

  #findOldest(): void {
    const row = oldestEvent(this.#storage.sql);
    this.oldest = row?.seq ?? this.cursor.seq + 1;
    this.oldestMs = row?.at_ms ?? null;
  }
}
