// The log's contract: one channel's events in their one order, and where that order stands.
import type { Cursor } from "../wire/cursor.ts";

/** One event with its place, as it is stored, sent and replayed. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  /** The whole event as JSON text (`wire/event`), written once. */
  readonly event: string;
}

/**
 * What one channel remembers. Every body passes `test/contracts/event-log`.
 *
 * A log is born by its first append; before that its `cursor` is the origin, and looking at it MUST create nothing.
 */
export interface EventLog {
  /** Where the log stands: its epoch, and the seq of the newest event ever appended. */
  readonly cursor: Cursor;
  /** When the log was born and when it was last appended to, in ms since 1970; `null` before its birth. */
  readonly bornMs: number | null;
  readonly lastMs: number | null;
  /**
   * Appends `events`, all or none: on failure it MUST throw and leave everything as it was. The caller MUST hand in
   * consecutive seqs that begin at `cursor.seq + 1`, and the log's own epoch, or a fresh one at its birth.
   */
  append(events: readonly LoggedEvent[], epoch: string, atMs: number): void;
  /** The first `limit` events behind `after`, in order. */
  read(after: number, limit: number): readonly LoggedEvent[];
}
