// The one row of `log` (drawn in `migrations`): the identity of a channel, and its usage up to an event.
import type { Usage } from "../../core/log/usage.ts";
import { VERSION } from "./migrations.ts";

export type LogRow = {
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
  request_20ths: number;
};

export function readLogRow(sql: SqlStorage): LogRow {
  return sql.exec<LogRow>("SELECT * FROM log").one();
}

/** With the first event, once the tables exist: one row, which counts itself. */
export function insertLogRow(sql: SqlStorage, epoch: string, generation: string, bornMs: number): void {
  sql.exec(
    "INSERT INTO log (one, version, epoch, generation, born_ms, rows) VALUES (1, ?, ?, ?, ?, 1)",
    ...[VERSION, epoch, generation, bornMs],
  );
}

/** Changes the epoch: one row. */
export function turnEpoch(sql: SqlStorage, epoch: string, generation: string): void {
  sql.exec("UPDATE log SET epoch = ?, generation = ?", epoch, generation);
}

/** Up to which event the usage counts, and what later events do not state. */
export interface CountedUpTo {
  readonly countedTo: number;
  readonly flushedSeq: number;
  readonly lastMs: number | null;
}

/** One row. */
export function writeCounts(sql: SqlStorage, { countedTo, flushedSeq, lastMs }: CountedUpTo, usage: Usage): void {
  const { byType, bytes, wakes, rowsWritten, request20ths } = usage;
  const types = JSON.stringify(Object.fromEntries(byType));
  sql.exec(
    "UPDATE log SET counted_to = ?, told_to = ?, last_ms = ?, bytes = ?, by_type = ?, wakes = ?, rows = ?, request_20ths = ?",
    ...[countedTo, flushedSeq, lastMs, bytes, types, wakes, rowsWritten, request20ths],
  );
}
