// The rows of `events` (drawn in `migrations`): one for each event that is kept, written once and never changed.
import type { AppendedEvent, LoggedEvent } from "../../core/log/event-log.ts";

/** Usage that no row has yet: the next event's row persists it. */
export interface Unpersisted {
  readonly wakes: number;
  /** Written in addition to events. */
  readonly rows: number;
  readonly request20ths: number;
}

export const NOTHING_UNPERSISTED: Unpersisted = { wakes: 0, rows: 0, request20ths: 0 };

/** What an event's row adds to the usage. */
export type CountedRow = {
  type: string;
  bytes: number;
  woke: number;
  rows: number;
  request_20ths: number;
  keyed: number;
};

type Row = Record<string, SqlStorageValue>;
type PlaceRow = { seq: number; at_ms: number };

/** The values of a row; the other columns have their defaults. */
const COLUMNS = ["seq", "at_ms", "type", "event", "bytes", "key"] as const;

/** Rows per statement: 100 parameters are allowed. A statement costs as much as the row that it inserts. */
const BLOCK_ROWS = Math.floor(100 / COLUMNS.length);

const INSERT = `INSERT INTO events (${COLUMNS.join(", ")}) VALUES ${rowsOf(BLOCK_ROWS)}`;
const INSERT_ONE = `INSERT INTO events (${COLUMNS.join(", ")}) VALUES ${rowsOf(1)}`;
const INSERT_FIRST = `INSERT INTO events (${COLUMNS.join(", ")}, woke, rows, request_20ths) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** @param unpersisted is written with the first of them */
export function insertEvents(
  sql: SqlStorage,
  events: readonly AppendedEvent[],
  atMs: number,
  unpersisted: Unpersisted,
): void {
  const [first, ...rest] = events;
  if (first)
    sql.exec(INSERT_FIRST, ...valuesOf(first, atMs), unpersisted.wakes, unpersisted.rows, unpersisted.request20ths);
  const inBlocks = rest.length - (rest.length % BLOCK_ROWS);
  for (let from = 0; from < inBlocks; from += BLOCK_ROWS) {
    sql.exec(INSERT, ...rest.slice(from, from + BLOCK_ROWS).flatMap((event) => valuesOf(event, atMs)));
  }
  for (const event of rest.slice(inBlocks)) sql.exec(INSERT_ONE, ...valuesOf(event, atMs));
}

function valuesOf({ seq, type, event, bytes, key }: AppendedEvent, atMs: number): SqlStorageValue[] {
  return [seq, atMs, type, event, bytes, key];
}

function rowsOf(count: number): string {
  return Array(count)
    .fill(`(${COLUMNS.map(() => "?").join(", ")})`)
    .join(", ");
}

/** The events behind `after`, read as they are iterated. */
export function eventsAfter(sql: SqlStorage, after: number): Iterable<LoggedEvent> {
  const rows = "SELECT seq, type, event, bytes FROM events WHERE seq > ? ORDER BY seq";
  return sql.exec<LoggedEvent & Row>(rows, after);
}

/** What the events behind `after` add to the usage. */
export function countedAfter(sql: SqlStorage, after: number): CountedRow[] {
  const columns = "type, bytes, woke, rows, request_20ths, key IS NOT NULL AS keyed";
  return sql.exec<CountedRow>(`SELECT ${columns} FROM events WHERE seq > ?`, after).toArray();
}

export function newestEvent(sql: SqlStorage): PlaceRow | undefined {
  return sql.exec<PlaceRow>("SELECT seq, at_ms FROM events ORDER BY seq DESC LIMIT 1").toArray()[0];
}

export function oldestEvent(sql: SqlStorage): PlaceRow | undefined {
  return sql.exec<PlaceRow>("SELECT seq, at_ms FROM events ORDER BY seq LIMIT 1").toArray()[0];
}

/** Size and age of the oldest events, at most `limit` of them, read as they are iterated. */
export function* oldestSizes(sql: SqlStorage, limit: number): Iterable<{ bytes: number; atMs: number }> {
  const rows = sql.exec("SELECT bytes, at_ms FROM events ORDER BY seq LIMIT ?", limit).raw<[number, number]>();
  for (const [bytes, atMs] of rows) yield { bytes, atMs };
}

/** Deletes the events below `before`. @returns rows written: theirs, and their index entries */
export function deleteEvents(sql: SqlStorage, before: number): number {
  return sql.exec("DELETE FROM events WHERE seq < ?", before).rowsWritten;
}
