// A cache of the log's newest events: what a flush sends, and what most reconnecting clients resume from.
import type { Cursor } from "../../wire/cursor.ts";
import type { ReadableLog } from "./event-log.ts";
import type { LoggedEvent } from "./logged-event.ts";
import { eventsOf, type Slice, type TypeFilter } from "./slice.ts";
import { REMOVED } from "./tombstone.ts";

/** 4 MiB is one emit of the largest kind, or 16,000 events of 200 bytes; a hub has 128 MB for everything. */
const RECENT_BYTES = 4 * 1024 * 1024;

/** After a wake the cache is empty, and reconnecting clients need about the same events: these are read once, if they are few. */
const FILL_EVENTS = 1_000;

export class RecentEvents implements ReadableLog {
  readonly #log: ReadableLog;
  /** Consecutive, up to the head; empty where that is unknown. One that was taken out is there without its text. */
  #events: LoggedEvent[] = [];
  #bytes = 0;
  /** The events behind this seq are known to be larger than the cache; more of them do not become less. */
  #tooLargeAfter = -1;

  constructor(log: ReadableLog) {
    this.#log = log;
  }

  get cursor(): Cursor {
    return this.#log.cursor;
  }

  get oldest(): number {
    return this.#log.oldest;
  }

  /** Adds what was appended. What was not added is read from the log. */
  push(events: readonly LoggedEvent[]): void {
    if (events[0]?.seq !== this.#end + 1) [this.#events, this.#bytes] = [[], 0];
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += event.bytes;
    }
    if (this.#bytes <= 2 * RECENT_BYTES) return; // by halves: an event is moved at most once
    let from = 0;
    for (; this.#bytes > RECENT_BYTES; from++) this.#bytes -= this.#events[from]?.bytes ?? 0;
    this.#events = this.#events.slice(from);
  }

  /** MUST be called when an event was taken out of the log. */
  remove(seq: number): void {
    const index = seq - (this.#events[0]?.seq ?? 0);
    const event = this.#events[index];
    if (event === undefined) return;
    this.#events[index] = removed(seq);
    this.#bytes -= event.bytes;
  }

  /** MUST be called when all events below `seq` were taken out of the log. */
  removeBefore(seq: number): void {
    const index = this.#events.findIndex((event) => event.seq >= seq);
    const gone = this.#events.splice(0, index === -1 ? this.#events.length : index);
    this.#bytes -= gone.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** As the log's `read`, and also events that were deleted there while they are cached. */
  read(after: number, wanted: TypeFilter): Iterable<Slice> {
    if (!this.#has(after)) this.#fill(after);
    if (!this.#has(after)) return this.#log.read(after, wanted); // too many, or too large
    return slicesFrom(this.#events, after + 1 - (this.#events[0]?.seq ?? 0), wanted);
  }

  /** Whether every event behind `after` can be read. */
  covers(after: number): boolean {
    return after + 1 >= Math.min(this.#log.oldest, this.#events[0]?.seq ?? Number.POSITIVE_INFINITY);
  }

  #fill(after: number): void {
    const behind = this.#log.cursor.seq - after;
    if (after + 1 < this.#log.oldest || behind <= 0 || behind > FILL_EVENTS || after <= this.#tooLargeAfter) return;
    const events: LoggedEvent[] = [];
    let bytes = 0;
    const removedTo = (seq: number) => {
      for (let next = after + 1 + events.length; next < seq; next++) events.push(removed(next));
    };
    for (const event of eventsOf(this.#log.read(after, null))) {
      bytes += event.bytes;
      if (bytes > RECENT_BYTES) {
        this.#tooLargeAfter = after; // else each page of a replay would read as much for nothing
        return;
      }
      removedTo(event.seq);
      events.push(event);
    }
    removedTo(this.#log.cursor.seq + 1);
    [this.#events, this.#bytes] = [[], 0];
    this.push(events);
  }

  #has(after: number): boolean {
    const first = this.#events[0]?.seq;
    return first !== undefined && first <= after + 1 && this.#end === this.#log.cursor.seq;
  }

  get #end(): number {
    return this.#events.at(-1)?.seq ?? -1;
  }
}

function removed(seq: number): LoggedEvent {
  return { seq, type: REMOVED, event: "", bytes: 0 };
}

/** So few that a page which is full soon has not looked at many for nothing. */
const SLICE_EVENTS = 100;

function* slicesFrom(events: readonly LoggedEvent[], start: number, wanted: TypeFilter): Generator<Slice, void> {
  for (let index = start; index < events.length; index += SLICE_EVENTS) {
    const all = events.slice(index, index + SLICE_EVENTS);
    const [from, to] = [all[0]?.seq ?? 0, all.at(-1)?.seq ?? 0];
    const kept = all.filter(({ type }) => type !== REMOVED && (wanted === null || wanted(type)));
    yield { from, to, scanned: all.length, events: kept };
  }
}
