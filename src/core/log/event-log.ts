// The log's contract: one channel's events in their one order, and where that order stands.
import type { Cursor } from "../../wire/cursor.ts";
import type { Retention } from "./retention.ts";
import type { Usage } from "./usage.ts";

/** One event with its place, as it is stored, sent and replayed. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  /** The whole event as JSON text (`wire/event`), written once. */
  readonly event: string;
  /** Of `event` in UTF-8, counted once. */
  readonly bytes: number;
}

/** One event on its way into the log. */
export interface AppendedEvent extends LoggedEvent {
  /** `core/identity`: what a retry of it will be known by, `null` if it cannot be retried. */
  readonly key: string | null;
}

/** What is remembered of a publisher's event, also after it was let go. */
export interface KnownEvent {
  readonly seq: number;
  /** Whether an event with this substance (`core/identity`) is the same one. */
  is(content: string): boolean;
}

/**
 * What one channel remembers. Every body passes `test/contracts/event-log`.
 *
 * A log is born by its first append; before that its `cursor` is the origin, and looking at it MUST create nothing.
 * The events that are kept are those from `oldest` to the head, without a hole.
 */
export interface EventLog {
  /** Where the log stands: its epoch, and the seq of the newest event ever appended. Outlives that event. */
  readonly cursor: Cursor;
  /** The seq of the oldest event that is kept; one above the head where none is. */
  readonly oldest: number;
  /** When `oldest` was appended, in ms since 1970; `null` where none is kept. */
  readonly oldestMs: number | null;
  /** When the log was born and when it was last appended to, in ms since 1970; `null` before its birth. */
  readonly bornMs: number | null;
  readonly lastMs: number | null;
  readonly usage: Usage;
  /**
   * Appends `events`, all or none: on failure it MUST throw and leave everything as it was. The caller MUST hand in
   * consecutive seqs that begin at `cursor.seq + 1`, and the log's own epoch, or a fresh one at its birth.
   */
  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void;
  /** The event that was appended under `key`: as long as it is kept, and for `REMEMBER_MS` after its append at least. */
  findKey(key: string, nowMs: number): KnownEvent | undefined;
  /**
   * The kept events behind `after`, in order, read as they are taken: the caller MUST NOT append, trim or await before
   * it is done with them.
   */
  read(after: number): Iterable<LoggedEvent>;
  /** Lets go of the oldest events that `retention` does not keep, at most `TRIM_STEP` of them. @returns how many */
  trim(retention: Retention, nowMs: number): number;
  /** Up to which seq all live sockets had been sent everything, when that was last written down. */
  readonly flushedSeq: number;
  /** Whether so much has been appended since the last `writeTally` that a wake would have long to count. */
  readonly isUsageDue: boolean;
  /**
   * Writes down what was counted: one row. For when something else is written anyway.
   *
   * @param toldTo up to which seq all live sockets were sent everything, if that is known
   */
  writeUsage(flushedSeq?: number): void;
  /** Counts a row that was written besides events. */
  rowWritten(): void;
}

/** The part of a log that its readers need. */
export type ReadableLog = Pick<EventLog, "cursor" | "oldest" | "read">;
