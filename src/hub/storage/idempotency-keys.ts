// Idempotency keys: in the kept events, and for ten minutes of events that were deleted sooner.

import type { KnownEvent } from "../../core/log/event-log.ts";
import { contentIn, digestOf } from "../../core/log/fingerprint.ts";
import { TRIM_STEP } from "../../core/log/retention.ts";
import { REMEMBER_MS } from "../../wire/limits.ts";

export function findKey(sql: SqlStorage, key: string, nowMs: number): KnownEvent | undefined {
  const [kept] = sql.exec<{ seq: number; event: string }>("SELECT seq, event FROM events WHERE key = ?", key);
  if (kept) return { seq: kept.seq, is: (content) => contentIn(kept.event) === content };
  const [gone] = sql.exec<{ seq: number; digest: string }>(
    "SELECT seq, digest FROM remembered WHERE key = ? AND at_ms > ?",
    ...[key, nowMs - REMEMBER_MS],
  );
  return gone && { seq: gone.seq, is: (content) => digestOf(content) === gone.digest };
}

/** Before the events below `before` are deleted: keeps the keys of young ones. @returns rows written */
export function keepKeys(sql: SqlStorage, before: number, nowMs: number): number {
  const young = sql.exec<{ seq: number; at_ms: number; key: string; event: string }>(
    "SELECT seq, at_ms, key, event FROM events WHERE seq < ? AND key IS NOT NULL AND at_ms > ? ORDER BY seq",
    ...[before, nowMs - REMEMBER_MS],
  );
  const rows = Array.from(young, ({ seq, at_ms, key, event }) => [seq, at_ms, key, digestOf(contentIn(event))]);
  let written = 0;
  for (const row of rows) {
    const insert = "INSERT OR REPLACE INTO remembered (seq, at_ms, key, digest) VALUES (?, ?, ?, ?)";
    written += sql.exec(insert, ...row).rowsWritten;
  }
  return written;
}

/** Deletes expired keys, in one bounded step. @returns rows written */
export function purgeKeys(sql: SqlStorage, nowMs: number): number {
  let last = 0;
  const oldest = sql.exec<{ seq: number; at_ms: number }>(
    "SELECT seq, at_ms FROM remembered ORDER BY seq LIMIT ?",
    TRIM_STEP,
  );
  for (const { seq, at_ms } of oldest) {
    if (at_ms + REMEMBER_MS > nowMs) break;
    last = seq;
  }
  return last === 0 ? 0 : sql.exec("DELETE FROM remembered WHERE seq <= ?", last).rowsWritten;
}
