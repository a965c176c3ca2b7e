// What a log needs of storage: its segments, its state, and values by key. Every body passes `test/contracts/segment-store`.
import type { OpenSegment, Segment, SegmentHead } from "./segment.ts";
import type { Counters } from "./usage.ts";

/** The state of a log that its segments do not tell. */
export interface LogState {
  readonly epoch: string;
  readonly generation: string;
  readonly bornMs: number;
  /** When the newest event was appended. */
  readonly lastMs: number;
  /** Everything below is deleted, also where it is still stored: a segment is deleted as a whole. */
  readonly oldest: number;
  /** Up to and with which seq `byType` counts. */
  readonly countedTo: number;
  readonly byType: ReadonlyMap<string, number>;
  /** Up to which seq all live sockets had been sent everything. */
  readonly flushedSeq: number;
  readonly counters: Counters;
}

/**
 * Storage does not have what memory says that it has: another process wrote it, as a second server on the same folder does. What
 * memory says is not to be tried again.
 */
export class StoreContradiction extends Error {}

/**
 * Storage of one log. A call that writes writes one row, unless it says otherwise. What it has written MUST be durable before
 * anything leaves that the hub sends afterwards.
 *
 * Iterables are read as they are iterated: the caller MUST NOT write or await before it is done with them.
 */
export interface SegmentStore {
  /** Writes all that `act` writes, or nothing if `act` throws. MUST NOT be nested. */
  transaction(act: () => void): void;

  /** `undefined` before the first `writeState`: reading MUST write nothing. */
  readState(): LogState | undefined;
  writeState(state: LogState): void;

  insert(segment: Segment, counters: Counters): void;
  /**
   * Appends `text` to the newest segment, and replaces all else that is known of it.
   *
   * @param before its last seq until now @throws StoreContradiction if the newest event in storage is another, as `insert` does
   */
  extend(segment: OpenSegment, text: string, counters: Counters, before: number): void;
  /** Deletes the segments up to and with that which begins with `firstSeq`. @returns how many, each a row */
  deleteTo(firstSeq: number): number;
  /** Makes the events of these segments unreadable in the storage itself, before they are deleted. @returns how many rows it wrote */
  overwriteTo(firstSeq: number): number;
  /**
   * Replaces `bytes`, `types` and events of a stored segment. What its events were MUST NOT stay readable in the storage itself,
   * as far as it can be helped.
   *
   * @returns how many rows it wrote
   */
  replace(segment: Segment): number;

  /** The newest segment, and the counters at its last write. */
  newest(): { readonly segment: OpenSegment; readonly counters: Counters } | undefined;
  /** The segments from that which holds `seq` on, ascending, without their events. */
  headsFrom(seq: number): Iterable<SegmentHead>;
  /** The segments from that which holds `seq` on, ascending, at most `limit`. */
  segmentsFrom(seq: number, limit: number): readonly Segment[];
  /** The segments from that which holds `seq` down, descending, without their events. */
  headsDownFrom(seq: number): Iterable<SegmentHead>;
  /** The events of the segment that begins with `firstSeq`. */
  textOf(firstSeq: number): string;
  /** The fingerprints of the segments that begin below `seq` and have any, the newest first. */
  fingerprintsBelow(seq: number): Iterable<Pick<Segment, "firstSeq" | "fingerprints">>;

  /** The values whose keys begin with `prefix`, from the key `from` on, ascending by key. */
  values(prefix: string, from?: string): Iterable<readonly [key: string, value: string]>;
  setValue(key: string, value: string): void;
  deleteValue(key: string): void;
}
