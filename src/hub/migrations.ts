// The schema of a channel's database, step by step. A step that has shipped is never edited: append the next one.
//
//   log     one row: the channel's identity             events   one row an event, in the channel's order
//   ┌─────┬───────┬─────────┬─────────┐                 ┌─────┬───────┬──────┬───────────────────────┐
//   │ one │ epoch │ born_ms │ version │                 │ seq │ at_ms │ type │ event                 │
//   └─────┴───────┴─────────┴─────────┘                 └─────┴───────┴──────┴───────────────────────┘
//     = 1   k3x9…   ms        steps run                   rowid  ms            JSON text, as it is sent
//
// `seq` is SQLite's own row id, so an event is one row written and no index. `version` stands in for SQLite's
// user_version, which a Durable Object may not use.

const STEPS: readonly string[] = [
  `CREATE TABLE log (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     epoch TEXT NOT NULL,
     born_ms INTEGER NOT NULL,
     version INTEGER NOT NULL
   );
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     type TEXT NOT NULL,
     event TEXT NOT NULL
   );`,
];

export const VERSION = STEPS.length;

/** Whether this database holds a log. Asking leaves an empty one empty. */
export function isBorn(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'log'").toArray().length > 0;
}

/** Runs the steps that this database has not seen. On an empty one the caller then writes the row of `log`, with `VERSION`. */
export function migrate(sql: SqlStorage): void {
  const born = isBorn(sql);
  const seen = born ? sql.exec<{ version: number }>("SELECT version FROM log").one().version : 0;
  if (seen >= VERSION) return;
  for (const step of STEPS.slice(seen)) sql.exec(step);
  if (born) sql.exec("UPDATE log SET version = ?", VERSION);
}
