// A channel's log in segments, over any storage: what a commit appends is one row, and small commits share one.
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import { REMEMBER_MS } from "../../wire/limits.ts";
import { typeIn } from "./content.ts";
import type { EventLog, KnownEvent } from "./event-log.ts";
import { IdempotencyIndex } from "./idempotency-index.ts";
import type { AppendedEvent } from "./logged-event.ts";
import { expired, type Piece, type Retention, TRIM_STEP, TRIM_STEP_BYTES } from "./retention.ts";
import {
  countOf,
  eventAt,
  eventTexts,
  extended,
  extensionText,
  hasTombstones,
  hasWanted,
  headOfSegment,
  type OpenSegment,
  removedBytes,
  type Segment,
  type SegmentHead,
  segmentsOf,
  skipped,
  sliceOf,
  withTombstones,
} from "./segment.ts";
import type { LogState, SegmentStore } from "./segment-store.ts";
import type { Slice, TypeFilter } from "./slice.ts";
import { CountedUsage, type Counters, latest, type Usage } from "./usage.ts";

/**
 * So many segments are read at once: up to 512 KiB, eight pages of replay. A statement that is not read to its end
 * stays open, and the next one like it is parsed again.
 */
const READ_AHEAD = 8;

/** The state is persisted after so many events, so that a wake has no more of them to count again. */
const COUNT_EVERY_EVENTS = 1_000;

/** A value: how many bytes fewer the stored segments have since events were taken out of them. */
const REMOVED_BYTES = "removed_bytes";

export interface SegmentLogOptions {
  /** As `LOG_GENERATION` has it; where it differs from the log's, the log goes on under a fresh epoch. */
  readonly generation: string;
  freshEpoch(): string;
  /** How many fingerprints of ids are kept in memory at most. */
  readonly maxIndexed?: number;
}

export class SegmentLog implements EventLog {
  cursor: Cursor = ORIGIN;
  oldest = 1;
  bornMs: number | null = null;
  lastMs: number | null = null;
  flushedSeq = 0;
  readonly #store: SegmentStore;
  readonly #generation: string;
  readonly #keys: IdempotencyIndex;
  readonly #usage = new CountedUsage();
  /** The segments that were read last, ascending; the newest may have been extended since. Most pages need few of them. */
  #readAhead: readonly Segment[] = [];
  /** The newest segment, while it is stored. */
  #open: OpenSegment | undefined;
  /** The oldest segment, while one is stored: `oldest` may lie inside it. */
  #oldestHead: SegmentHead | undefined;
  /** Up to which seq the persisted state counts types. */
  #countedTo = 0;
  /** How many bytes fewer the stored segments have since events were taken out of them. */
  #removedBytes = 0;

  /** Reads the log's state. Writes only where the generation has changed: a channel that was only looked at leaves no trace. */
  constructor(store: SegmentStore, { generation, freshEpoch, maxIndexed }: SegmentLogOptions) {
    this.#store = store;
    this.#generation = generation;
    this.#keys = new IdempotencyIndex(store, maxIndexed);
    this.#usage.wakes = 1; // this one
    const state = store.readState();
    if (state === undefined) return;
    this.#restore(state);
    if (state.generation === generation) return;
    this.cursor = { epoch: freshEpoch(), seq: this.cursor.seq };
    this.writeUsage();
  }

  get usage(): Usage {
    return this.#usage;
  }

  get oldestPiece(): Piece | null {
    return this.#oldestHead ? this.#pieceOf(this.#oldestHead) : null;
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    const wrong = events.findIndex(({ seq }, index) => seq !== this.cursor.seq + 1 + index);
    if (wrong !== -1) throw new Error(`Event ${events[wrong]?.seq} does not follow ${this.cursor.seq + wrong}.`);
    const segments = segmentsOf(events, atMs, this.#open?.totalBytes ?? 0);
    const [only] = segments.length === 1 ? segments : [];
    const { tallies } = this.#usage; // in ASCII
    const longer = only && this.#open && extended(this.#open, only, tallies.length);
    const isBirth = this.bornMs === null;
    const rows = segments.length + (isBirth ? 1 : 0);
    const counters = this.#countersWith(rows);
    const write = () => {
      if (isBirth) this.#store.writeState({ ...this.#state(counters), epoch, bornMs: atMs, lastMs: atMs });
      if (longer) this.#store.extend(longer, extensionText(only), counters, this.cursor.seq);
      else for (const segment of segments) this.#store.insert(segment, counters);
    };
    // One row is all or nothing by itself, and a savepoint would cost a tenth of its emit. Nothing but these writes may
    // stand in a transaction: the gate does not hold what is sent inside one (measured).
    if (rows === 1) write();
    else this.#store.transaction(write);
    this.#appended(segments, longer ?? undefined);
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.lastMs = atMs;
    this.bornMs ??= atMs;
    this.#usage.rowsWritten = counters.rowsWritten;
  }

  #appended(segments: readonly Segment[], longer: OpenSegment | undefined): void {
    const [first] = segments;
    if (first === undefined) return;
    if (this.#open === undefined) [this.oldest, this.#oldestHead] = [first.firstSeq, first];
    else if (longer?.firstSeq === this.#oldestHead?.firstSeq) this.#oldestHead = longer;
    this.#open = longer ?? segments.at(-1);
    for (const segment of segments) {
      this.#usage.bytes += segment.bytes;
      this.#usage.addTypes(segment.types);
      this.#keys.appended(segment, this.oldest);
    }
  }

  findKey(key: string, nowMs: number): KnownEvent | undefined {
    return this.bornMs === null ? undefined : this.#keys.find(key, nowMs, this.oldest);
  }

  *read(after: number, wanted: TypeFilter): Iterable<Slice> {
    const [from, to] = [Math.max(after + 1, this.oldest), this.cursor.seq];
    if (from > to) return;
    if (wanted === null) yield* this.#readAll(from, to);
    else for (const head of this.#store.headsFrom(from)) yield this.#wantedOf(head, from, to, wanted);
  }

  *#readAll(from: number, to: number): Iterable<Slice> {
    let next = from;
    while (next <= to) {
      const isAhead = this.#readAhead.some(({ firstSeq, lastSeq }) => firstSeq <= next && next <= lastSeq);
      const segments = isAhead ? this.#readAhead : this.#store.segmentsFrom(next, READ_AHEAD);
      this.#readAhead = segments;
      const began = next;
      for (const segment of segments) {
        if (segment.lastSeq < next) continue;
        yield sliceOf(segment, segment.text, next, to, null);
        next = segment.lastSeq + 1;
      }
      if (next === began) throw new Error(`No segment of the log holds the event ${next}.`);
    }
  }

  *readBackwards(before: number, wanted: TypeFilter): Iterable<Slice> {
    const [from, to] = [this.oldest, Math.min(before - 1, this.cursor.seq)];
    if (from > to) return;
    for (const head of this.#store.headsDownFrom(to)) {
      if (head.lastSeq < from) return; // deleted, and still stored
      yield this.#wantedOf(head, from, to, wanted);
    }
  }

  trim(retention: Retention, nowMs: number): number {
    if (this.bornMs === null) return 0;
    this.#usage.rowsWritten += this.#keys.purge(nowMs);
    const kept = { events: this.cursor.seq + 1 - this.oldest, bytes: this.#usage.bytes };
    const count = expired(this.#pieces(), kept, retention, nowMs);
    if (count === 0) return 0;
    return this.#delete(count, nowMs, false);
  }

  remove(seq: number): string | undefined {
    const [segment] = this.oldest <= seq && seq <= this.cursor.seq ? this.#store.segmentsFrom(seq, 1) : [];
    const changed = segment && withTombstones(segment, seq, seq);
    if (segment === undefined || changed === undefined) return undefined;
    this.#replace(segment, changed);
    return typeIn(eventAt(segment, seq) ?? "");
  }

  removeBefore(seq: number, nowMs: number): number {
    const end = Math.min(seq, this.cursor.seq + 1);
    if (end <= this.oldest) return 0;
    let [count, stepBytes] = [0, 0];
    for (const { lastSeq, bytes } of this.#store.headsFrom(this.oldest)) {
      stepBytes += bytes;
      const isTooMuch = lastSeq - this.oldest >= TRIM_STEP || stepBytes > TRIM_STEP_BYTES;
      if (lastSeq >= end || (count > 0 && isTooMuch)) break;
      count += 1;
    }
    if (count > 0) return this.#delete(count, nowMs, true);
    const [segment] = this.#store.segmentsFrom(this.oldest, 1);
    if (segment === undefined) throw new Error(`No segment of the log holds the event ${this.oldest}.`);
    const gone = end - this.oldest;
    this.#replace(segment, withTombstones(segment, segment.firstSeq, end - 1) ?? segment, () => ({
      oldest: end,
      rows: this.#keys.note([headOfSegment(segment, end - 1)], nowMs),
    }));
    this.oldest = end;
    return gone;
  }

  /** Deletes the oldest segments. @param isSecret whether what they held MUST NOT stay readable in the storage itself */
  #delete(count: number, nowMs: number, isSecret: boolean): number {
    const { heads: gone, next } = this.#oldestHeads(count);
    const last = gone.at(-1) as SegmentHead;
    const oldest = last.lastSeq + 1;
    const events = oldest - this.oldest;
    const bytes = gone.reduce((sum, head) => sum + head.bytes, 0);
    const isYoung = gone.some(({ lastMs }) => lastMs + REMEMBER_MS > nowMs);
    const removed = this.#removedBytes - gone.reduce((sum, head) => sum + this.#removedFrom(head), 0);
    let counters = this.#usage.counters;
    this.#store.transaction(() => {
      const notes = isYoung ? this.#keys.note(this.#whole(gone), nowMs) : 0;
      const overwritten = isSecret ? this.#store.overwriteTo(last.firstSeq) : 0;
      const deleted = this.#store.deleteTo(last.firstSeq) + this.#writeRemovedBytes(removed);
      counters = this.#countersWith(notes + overwritten + deleted + 1);
      this.#store.writeState({ ...this.#state(counters), oldest });
    });
    this.#persisted(counters);
    this.#removedBytes = removed;
    this.#usage.bytes -= bytes;
    this.oldest = oldest;
    this.#oldestHead = next;
    if (isSecret) this.#readAhead = [];
    if (next === undefined) this.#open = undefined;
    return events;
  }

  /** One at a time: together they may be more than a hub has memory. */
  *#whole(heads: readonly SegmentHead[]): Iterable<Segment> {
    for (const { firstSeq } of heads) yield* this.#store.segmentsFrom(firstSeq, 1);
  }

  /** Replaces a stored segment by what is left of it. @param act writes what else belongs to it */
  #replace(
    segment: Segment,
    changed: Segment,
    act: () => { readonly oldest: number; readonly rows: number } = () => ({ oldest: this.oldest, rows: 0 }),
  ): void {
    const removed = this.#removedBytes + segment.bytes - changed.bytes;
    let counters = this.#usage.counters;
    this.#store.transaction(() => {
      const { oldest, rows } = act();
      counters = this.#countersWith(rows + this.#store.replace(changed) + this.#writeRemovedBytes(removed) + 1);
      this.#store.writeState({ ...this.#state(counters), oldest }); // counts the types of what is gone now
    });
    this.#persisted(counters);
    this.#usage.bytes -= segment.bytes - changed.bytes;
    this.#removedBytes = removed;
    this.#readAhead = [];
    const { text: _, ...open } = changed;
    if (this.#open?.firstSeq === open.firstSeq) this.#open = open;
    if (this.#oldestHead?.firstSeq === open.firstSeq) this.#oldestHead = open;
  }

  /** @returns how many rows it wrote */
  #writeRemovedBytes(bytes: number): number {
    if (bytes === this.#removedBytes) return 0;
    this.#store.setValue(REMOVED_BYTES, String(bytes));
    return 1;
  }

  #removedFrom(head: SegmentHead): number {
    return hasTombstones(head) ? removedBytes({ text: this.#store.textOf(head.firstSeq) }) : 0;
  }

  get isUsageDue(): boolean {
    return this.cursor.seq - this.#countedTo >= COUNT_EVERY_EVENTS;
  }

  writeUsage(flushedSeq = this.flushedSeq): void {
    if (this.bornMs === null) return;
    const counters = this.#countersWith(1);
    this.#store.writeState({ ...this.#state(counters), flushedSeq });
    this.flushedSeq = flushedSeq;
    this.#persisted(counters);
  }

  rowWritten(): void {
    this.#usage.rowsWritten += 1;
  }

  /** Counts a billed request. */
  requested(): void {
    this.#usage.requests += 1;
  }

  /** Counts an incoming message. */
  heard(): void {
    this.#usage.messages += 1;
  }

  #restore(state: LogState): void {
    const { epoch, bornMs, lastMs, countedTo, flushedSeq, byType, counters } = state;
    const newest = this.#store.newest();
    this.#open = newest?.segment;
    this.bornMs = bornMs;
    this.flushedSeq = flushedSeq;
    this.#countedTo = countedTo;
    this.cursor = { epoch, seq: this.#open?.lastSeq ?? countedTo };
    this.lastMs = this.#open?.lastMs ?? lastMs;
    this.#usage.restore(newest ? latest(counters, newest.counters) : counters);
    this.#usage.addTypes(byType);
    this.#countTypes();
    const [oldest] = this.#store.headsFrom(0);
    this.oldest = oldest ? Math.max(oldest.firstSeq, state.oldest) : this.cursor.seq + 1;
    this.#oldestHead = oldest;
    for (const [, bytes] of this.#store.values(REMOVED_BYTES)) this.#removedBytes = Number(bytes);
    if (oldest && this.#open) {
      const appended = this.#open.totalBytes - oldest.totalBytes + oldest.bytes + this.#removedFrom(oldest);
      this.#usage.bytes = appended - this.#removedBytes;
    }
  }

  /** Counts the types of the events behind `countedTo`. */
  #countTypes(): void {
    if (this.#countedTo >= this.cursor.seq) return;
    for (const head of this.#store.headsFrom(this.#countedTo + 1)) {
      if (head.firstSeq > this.#countedTo) this.#usage.addTypes(head.types);
      else {
        const uncounted = eventTexts(this.#store.textOf(head.firstSeq)).slice(this.#countedTo + 1 - head.firstSeq);
        for (const event of uncounted) this.#usage.addType(typeIn(event), 1);
      }
    }
  }

  #wantedOf(head: SegmentHead, from: number, to: number, wanted: TypeFilter): Slice {
    if (wanted !== null && !hasWanted(head, wanted)) return skipped(head, from, to);
    return sliceOf(head, this.#store.textOf(head.firstSeq), from, to, wanted);
  }

  *#pieces(): Iterable<Piece> {
    for (const head of this.#store.headsFrom(this.oldest)) yield this.#pieceOf(head);
  }

  #pieceOf(head: SegmentHead): Piece {
    const gone = Math.max(0, this.oldest - head.firstSeq);
    return { events: countOf(head) - gone, bytes: head.bytes, lastMs: head.lastMs };
  }

  #oldestHeads(count: number): { readonly heads: readonly SegmentHead[]; readonly next: SegmentHead | undefined } {
    const heads: SegmentHead[] = [];
    for (const head of this.#store.headsFrom(this.oldest)) {
      if (heads.length === count) return { heads, next: head };
      heads.push(head);
    }
    return { heads, next: undefined };
  }

  /** The counters once so many further rows are written. */
  #countersWith(rows: number): Counters {
    const { counters } = this.#usage;
    return { ...counters, rowsWritten: counters.rowsWritten + rows };
  }

  #state(counters: Counters): LogState {
    const { cursor, bornMs, lastMs, oldest, flushedSeq } = this;
    return {
      epoch: cursor.epoch,
      generation: this.#generation,
      bornMs: bornMs ?? 0,
      lastMs: lastMs ?? 0,
      oldest,
      countedTo: cursor.seq,
      byType: this.#usage.byType,
      flushedSeq,
      counters,
    };
  }

  /** The state was written. */
  #persisted({ rowsWritten }: Counters): void {
    this.#usage.rowsWritten = rowsWritten;
    this.#countedTo = this.cursor.seq;
  }
}
