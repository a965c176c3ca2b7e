// The contract of a log: one channel's events in their total order, and the cursor of the newest.
import type { Cursor } from "../../wire/cursor.ts";
import type { Content } from "./content.ts";
import type { AppendedEvent } from "./logged-event.ts";
import type { Piece, Retention } from "./retention.ts";
import type { Slice, TypeFilter } from "./slice.ts";
import type { Usage } from "./usage.ts";

/** What is known of a publisher's event, also for some time after it was deleted. */
export interface KnownEvent {
  readonly seq: number;
  /** Whether an event with this content is the same one. */
  is(content: Content): boolean;
}

/**
 * One channel's log. Every implementation passes `test/contracts/event-log`.
 *
 * A log begins with its first append; before that its `cursor` is the origin, and reading it MUST write nothing.
 * The kept events are those from `oldest` to the head, without those that were taken out: these are never read, and
 * slices cover them.
 */
export interface EventLog {
  /** The epoch, and the seq of the newest event ever appended, also after that event was deleted. */
  readonly cursor: Cursor;
  /** The seq of the oldest kept event; one above the head where none is kept. */
  readonly oldest: number;
  /** The oldest event, and those that are deleted together with it; `null` where none is kept. */
  readonly oldestPiece: Piece | null;
  /** When the first and the newest event were appended, as Unix time in ms; `null` before the first. */
  readonly bornMs: number | null;
  readonly lastMs: number | null;
  readonly usage: Usage;
  /**
   * Appends `events`, all or none: on failure it MUST throw and leave everything as it was. The caller MUST pass
   * consecutive seqs that begin at `cursor.seq + 1`, and the log's own epoch, or a fresh one with the first event.
   */
  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void;
  /** Finds the event that was appended under `key`: as long as it is kept, and at least for `REMEMBER_MS` after its append. */
  findKey(key: string, nowMs: number): KnownEvent | undefined;
  /**
   * The kept events behind `after` that are wanted, ascending, read as they are iterated: the caller MUST NOT append, trim or
   * await before it is done with them. Slices are consecutive, and the last one ends at the head.
   */
  read(after: number, wanted: TypeFilter): Iterable<Slice>;
  /** The kept events before `before`, backwards: slices descend, the events of each ascend. Otherwise as `read`. */
  readBackwards(before: number, wanted: TypeFilter): Iterable<Slice>;
  /** Deletes the oldest events that `retention` does not keep, at most about `TRIM_STEP` of them. @returns how many */
  trim(retention: Retention, nowMs: number): number;
  /**
   * Takes a kept event out: its content goes, its seq stays, and `findKey` goes on finding it. What is deleted from the storage
   * MUST be deleted when it returns, and on failure it MUST throw and leave everything as it was.
   *
   * @returns its type; `undefined` where it was deleted or taken out before
   */
  remove(seq: number): string | undefined;
  /** Deletes the oldest events below `seq`, at most about `TRIM_STEP` of them. @returns how many; 0: there are none */
  removeBefore(seq: number, nowMs: number): number;
  /** Up to which seq all live sockets had been sent everything, as last persisted. */
  readonly flushedSeq: number;
  /** Whether so much was appended since the last `writeUsage` that a wake would take long to count it. */
  readonly isUsageDue: boolean;
  /**
   * Persists the counters: one row. For when something else is written anyway.
   *
   * @param flushedSeq up to which seq all live sockets were sent everything, if that is known
   */
  writeUsage(flushedSeq?: number): void;
  /** Counts a row that was written in addition to events. */
  rowWritten(): void;
}

/** The part of a log that reading needs. */
export type ReadableLog = Pick<EventLog, "cursor" | "oldest" | "read">;

/** The part of a log that reading in both directions needs. */
export type BidirectionalLog = ReadableLog & Pick<EventLog, "readBackwards">;
