// The schema of a channel's database, step by step. A step that has shipped is never edited: append the next one.
//
//   events   one row per event, in the channel's order
//   ┌─────┬───────┬──────┬───────┬───────┬──────┬──────┬─────┬───────────────┐
//   │ seq │ at_ms │ type │ event │ bytes │ woke │ rows │ key │ request_20ths │
//   └─────┴───────┴──────┴───────┴───────┴──────┴──────┴─────┴───────────────┘
//     rowid  ms            JSON text,  of it
//                          as it is sent
//   `woke`, `rows` and `request_20ths` are the wakes, the rows written besides, and the requests (a message is a twentieth
//   of one) since the event before: so counting them costs no row of its own.
//   `key` is the publisher's source and id (`core/log/fingerprint`), indexed where there is one.
//
//   remembered   one row per event that was deleted within ten minutes of its append, and may still be retried
//   ┌─────┬───────┬─────┬────────┐
//   │ seq │ at_ms │ key │ digest │
//   └─────┴───────┴─────┴────────┘
//
//   log      one row: the channel's identity, what was counted up to and with the event `counted_to`, and up to which
//            event all live sockets had been sent everything
//   ┌─────┬─────────┬───────┬────────────┬─────────┬────────────┬─────────┬─────────┐
//   │ one │ version │ epoch │ generation │ born_ms │ counted_to │ told_to │ last_ms │
//   └─────┴─────────┴───────┴────────────┴─────────┴────────────┴─────────┴─────────┘
//     = 1   steps run                                seq          seq
//                            ┌───────┬─────────┬───────┬──────┬───────────────┐
//                    counted:│ bytes │ by_type │ wakes │ rows │ request_20ths │
//                            └───────┴─────────┴───────┴──────┴───────────────┘
//                                      JSON
//
// `seq` is SQLite's own row id, so an event is one row written, and one index entry if its publisher gave an id.
// `version` stands in for SQLite's user_version, which a Durable Object may not use.

const STEPS: readonly string[] = [
  `CREATE TABLE log (
     one INTEGER PRIMARY KEY CHECK (one = 1),
     version INTEGER NOT NULL,
     epoch TEXT NOT NULL,
     born_ms INTEGER NOT NULL
   );
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     type TEXT NOT NULL,
     event TEXT NOT NULL
   );`,
  `ALTER TABLE log ADD COLUMN generation TEXT NOT NULL DEFAULT '0';
   ALTER TABLE log ADD COLUMN counted_to INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE log ADD COLUMN told_to INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE log ADD COLUMN last_ms INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE log ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE log ADD COLUMN by_type TEXT NOT NULL DEFAULT '{}';
   ALTER TABLE log ADD COLUMN wakes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE log ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events ADD COLUMN woke INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events ADD COLUMN rows INTEGER NOT NULL DEFAULT 0;
   UPDATE events SET bytes = octet_length(event);`,
  `ALTER TABLE events ADD COLUMN key TEXT;
   CREATE UNIQUE INDEX events_key ON events (key) WHERE key IS NOT NULL;
   CREATE TABLE remembered (
     seq INTEGER PRIMARY KEY,
     at_ms INTEGER NOT NULL,
     key TEXT NOT NULL,
     digest TEXT NOT NULL
   );
   CREATE UNIQUE INDEX remembered_key ON remembered (key);`,
  `ALTER TABLE log ADD COLUMN request_20ths INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE events ADD COLUMN request_20ths INTEGER NOT NULL DEFAULT 0;`,
];

export const VERSION = STEPS.length;

/** Whether this database has a log. Asking writes nothing. */
export function isBorn(sql: SqlStorage): boolean {
  return sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'log'").toArray().length > 0;
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
  for (const step of STEPS.slice(seen, to)) sql.exec(step);
  if (born) sql.exec("UPDATE log SET version = ?", to);
}
