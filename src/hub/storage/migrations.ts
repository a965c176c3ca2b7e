// The schema of a channel's database, step by step. A step that has shipped is never edited: append the next one.
//
//   segments   one row for what was appended at once; small appends share one (`core/log/segment`)
//   ┌───────────┬──────────┬──────────┬─────────┬───────┬─────────────┬───────┬──────────────┬────────┐
//   │ first_seq │ last_seq │ first_ms │ last_ms │ bytes │ total_bytes │ types │ fingerprints │ events │
//   └───────────┴──────────┴──────────┴─────────┴───────┴─────────────┴───────┴──────────────┴────────┘
//     rowid                                       of its  of all up to  JSON:   8 bytes for    JSON texts,
//                                                 events  its last      counts  each event,    a line each
//                                                                               or NULL
//              ┌───────┬──────────────┬──────────┬──────────┐
//              │ wakes │ rows_written │ requests │ messages │  the channel's counters at the last write of the row,
//              └───────┴──────────────┴──────────┴──────────┘  so that counting costs no row of its own
//              ┌────────────┬─────────┐
//              │ deliveries │ tallies │  the same of sockets and refusals (`core/counts`); `tallies` is JSON
//              └────────────┴─────────┘
//   `events` comes behind the columns that are read of many rows: these are read without it, though it may fill many pages. What was
//   added later stands behind it: `deliveries` and `tallies` are read of the newest row alone, when a hub wakes.
//
//   log        one row: the channel's identity, its counters, and up to which event it counts types
//   ┌─────┬─────────┬───────┬────────────┬─────────┬─────────┬────────┬────────────┬─────────┬─────────────┐
//   │ one │ version │ epoch │ generation │ born_ms │ last_ms │ oldest │ counted_to │ by_type │ flushed_seq │
//   └─────┴─────────┴───────┴────────────┴─────────┴─────────┴────────┴────────────┴─────────┴─────────────┘
//     = 1   steps run                                          seq      seq          JSON      seq
//              and `wakes`, `rows_written`, `requests`, `messages`, `deliveries`, `tallies`, as above
//
//   key_values   what is kept beside the log, by key: one row a value
//   ┌─────┬───────┐   deleted/<seq>   notes of deleted events that may still be retried (`core/log/idempotency-index`)
//   │ key │ value │   removed_bytes   how many bytes fewer the segments have since events were taken out (`core/log/segment-log`)
//   └─────┴───────┘   revoked/<what>  revoked tokens (`core/access/revocations`), also of a channel without a log
//
// `first_seq` is SQLite's own row id, so a commit is one row written. `version` stands in for SQLite's user_version, which a
// Durable Object may not use.

const COUNTERS = `
     wakes INTEGER NOT NULL,
     rows_written INTEGER NOT NULL,
     requests INTEGER NOT NULL,
     messages INTEGER NOT NULL`;

/** It may be there before the log is: tokens can be revoked in a channel that has no events yet. */
const VALUES = `CREATE TABLE IF NOT EXISTS key_values (
     key TEXT PRIMARY KEY,
     value TEXT NOT NULL
   ) WITHOUT ROWID`;

type Step = (sql: SqlStorage) => void;

const STEPS: readonly Step[] = [
  (sql) =>
    sql.exec(`CREATE TABLE log (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     version INTEGER NOT NULL,
     epoch TEXT NOT NULL,
     generation TEXT NOT NULL,
     born_ms INTEGER NOT NULL,
     last_ms INTEGER NOT NULL,
     oldest INTEGER NOT NULL,
     counted_to INTEGER NOT NULL,
     by_type TEXT NOT NULL,
     flushed_seq INTEGER NOT NULL,${COUNTERS}
   );
   CREATE TABLE segments (
     first_seq INTEGER PRIMARY KEY,
     last_seq INTEGER NOT NULL,
     first_ms INTEGER NOT NULL,
     last_ms INTEGER NOT NULL,
     bytes INTEGER NOT NULL,
     total_bytes INTEGER NOT NULL,${COUNTERS},
     types TEXT NOT NULL,
     fingerprints BLOB,
     events TEXT NOT NULL
   );
   ${VALUES};`),
  (sql) => {
    // A version before this one writes its own number into `log`, and leaves the columns, where it was deployed again meanwhile.
    if (hasColumn(sql, "segments", "deliveries")) return;
    sql.exec(`ALTER TABLE log ADD COLUMN deliveries INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE log ADD COLUMN tallies TEXT NOT NULL DEFAULT '{}';
      ALTER TABLE segments ADD COLUMN deliveries INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE segments ADD COLUMN tallies TEXT NOT NULL DEFAULT '{}';`);
  },
];

export const VERSION = STEPS.length;

/** Tables of the schema before segments, which was never released. */
const ROW_PER_EVENT_TABLES = ["events", "remembered", "log"];

/** Whether this database has a log. Asking writes nothing. */
export function isBorn(sql: SqlStorage): boolean {
  return hasTable(sql, "segments");
}

/** Whether this database has values. Asking writes nothing. */
export function hasValues(sql: SqlStorage): boolean {
  return hasTable(sql, "key_values");
}

/** Creates the table of values, where it is not there. */
export function createValues(sql: SqlStorage): void {
  sql.exec(VALUES);
}

/**
 * Runs the steps that this database has not run. On an empty one the caller then writes the row of `log`, at version `to`.
 *
 * @param to how far; only tests stop before the newest
 */
export function migrate(sql: SqlStorage, to = VERSION): void {
  const born = isBorn(sql);
  const seen = born ? sql.exec<{ version: number }>("SELECT version FROM log").one().version : 0;
  if (seen >= to) return;
  for (const step of STEPS.slice(seen, to)) step(sql);
  if (born) sql.exec("UPDATE log SET version = ?", to);
}

/**
 * Sets a log of the schema before segments aside: its tables are renamed, and the channel starts over under a fresh
 * epoch, which every client is told by a reset. @returns whether there was one
 */
export function setAsideOldLog(sql: SqlStorage): boolean {
  if (!hasTable(sql, "events")) return false;
  for (const table of ROW_PER_EVENT_TABLES) {
    if (hasTable(sql, table)) sql.exec(`ALTER TABLE ${table} RENAME TO old_${table}`);
  }
  return true;
}

function hasColumn(sql: SqlStorage, table: string, column: string): boolean {
  return sql.exec("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", table, column).toArray().length > 0;
}

function hasTable(sql: SqlStorage, name: string): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", name).toArray().length > 0;
}
