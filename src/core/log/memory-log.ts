// The log's contract kept in memory, for tests and simulations: the plainest body that can be right.
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import { REMEMBER_MS } from "../../wire/limits.ts";
import { contentIn, digestOf, isSameContent } from "./content.ts";
import type { EventLog, KnownEvent } from "./event-log.ts";
import type { AppendedEvent, LoggedEvent } from "./logged-event.ts";
import { expired, type Piece, type Retention } from "./retention.ts";
import type { Slice, TypeFilter } from "./slice.ts";
import { REMOVED } from "./tombstone.ts";
import { CountedUsage } from "./usage.ts";

type Dated = LoggedEvent & { readonly atMs: number };

/** Events of one slice: fewer than a page has, so that cuts fall between slices, too. */
const SLICE_EVENTS = 100;

export class MemoryLog implements EventLog {
  cursor: Cursor = ORIGIN;
  bornMs: number | null = null;
  lastMs: number | null = null;
  flushedSeq = 0;
  /** A wake has nothing to count: what was counted stays in memory. */
  readonly isUsageDue = false;
  readonly usage = new CountedUsage();
  #events: readonly Dated[] = [];
  /** By key, for ever: a test is over before ten minutes are. */
  readonly #keys = new Map<string, Dated>();

  get oldest(): number {
    return this.#events[0]?.seq ?? this.cursor.seq + 1;
  }

  get oldestPiece(): Piece | null {
    const [oldest] = this.#events;
    return oldest ? { events: 1, bytes: oldest.bytes, lastMs: oldest.atMs } : null;
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    const next = this.cursor.seq + 1;
    const wrong = events.find(({ seq }, index) => seq !== next + index);
    if (wrong) throw new Error(`Event ${wrong.seq} does not follow ${this.cursor.seq}.`);
    const dated = events.map(({ key: _, ...event }) => ({ ...event, atMs }));
    this.#events = this.#events.concat(dated);
    for (const [index, { key }] of events.entries()) if (key !== null) this.#keys.set(key, dated[index] as Dated);
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.bornMs ??= atMs;
    this.lastMs = atMs;
    for (const { type, bytes } of events) {
      this.usage.addType(type, 1);
      this.usage.bytes += bytes;
    }
    this.usage.rowsWritten += events.length;
  }

  findKey(key: string, nowMs: number): KnownEvent | undefined {
    const known = this.#keys.get(key);
    if (!known || (known.seq < this.oldest && known.atMs + REMEMBER_MS <= nowMs)) return undefined;
    if (known.type === REMOVED) return { seq: known.seq, is: (content) => digestOf(content) === known.event };
    return { seq: known.seq, is: (content) => isSameContent(contentIn(known.event), content) };
  }

  *read(after: number, wanted: TypeFilter): Iterable<Slice> {
    for (let from = Math.max(after + 1, this.oldest); from <= this.cursor.seq; from += SLICE_EVENTS) {
      yield this.#slice(from, Math.min(from + SLICE_EVENTS - 1, this.cursor.seq), wanted);
    }
  }

  *readBackwards(before: number, wanted: TypeFilter): Iterable<Slice> {
    for (let to = Math.min(before - 1, this.cursor.seq); to >= this.oldest; to -= SLICE_EVENTS) {
      yield this.#slice(Math.max(to - SLICE_EVENTS + 1, this.oldest), to, wanted);
    }
  }

  trim(retention: Retention, nowMs: number): number {
    const kept = { events: this.#events.length, bytes: this.usage.bytes };
    const pieces = this.#events.map(({ bytes, atMs }): Piece => ({ events: 1, bytes, lastMs: atMs }));
    const count = expired(pieces, kept, retention, nowMs);
    this.usage.bytes -= pieces.slice(0, count).reduce((sum, { bytes }) => sum + bytes, 0);
    this.#events = this.#events.slice(count);
    this.usage.rowsWritten += count;
    return count;
  }

  remove(seq: number): string | undefined {
    const event = this.#events[seq - this.oldest];
    if (event === undefined || event.type === REMOVED) return undefined;
    const tombstone: Dated = { seq, type: REMOVED, event: "", bytes: 0, atMs: event.atMs };
    this.#events = this.#events.with(seq - this.oldest, tombstone);
    this.usage.bytes -= event.bytes;
    for (const [key, known] of this.#keys) {
      if (known.seq === seq) this.#keys.set(key, { ...tombstone, event: digestOf(contentIn(event.event)) });
    }
    this.usage.rowsWritten += 1;
    return event.type;
  }

  removeBefore(seq: number): number {
    const gone = this.#events.filter((event) => event.seq < seq);
    this.#events = this.#events.slice(gone.length);
    this.usage.bytes -= gone.reduce((sum, { bytes }) => sum + bytes, 0);
    this.usage.rowsWritten += gone.length;
    return gone.length;
  }

  writeUsage(flushedSeq = this.flushedSeq): void {
    this.flushedSeq = flushedSeq;
  }

  rowWritten(): void {
    this.usage.rowsWritten += 1;
  }

  /** Goes on under another epoch, as a hub does whose operator has raised `LOG_GENERATION`. */
  turnEpoch(epoch: string): void {
    this.cursor = { epoch, seq: this.cursor.seq };
  }

  #slice(from: number, to: number, wanted: TypeFilter): Slice {
    const all = this.#events.slice(from - this.oldest, to + 1 - this.oldest);
    const kept = all.filter(({ type }) => type !== REMOVED && (wanted === null || wanted(type)));
    const events = kept.map(({ atMs: _, ...event }) => event);
    return { from, to, scanned: all.length, events };
  }
}
