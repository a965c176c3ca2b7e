// The log's newest events in memory: what a flush sends, and what most who come back are owed, without asking storage.
import type { Cursor } from "../../wire/cursor.ts";
import type { LoggedEvent, ReadableLog } from "./event-log.ts";

/** 4 MiB is one emit of the largest kind, or 16,000 events of 200 bytes; a hub has 128 MB for everything. */
const RECENT_BYTES = 4 * 1024 * 1024;

/** After a wake nothing is here, and whoever came back then owes about the same: it is read once, if that is soon done. */
const FILL_EVENTS = 1_000;

export class RecentEvents implements ReadableLog {
  readonly #log: ReadableLog;
  /** Consecutive, up to the head; empty where that is not known. */
  #events: LoggedEvent[] = [];
  #bytes = 0;

  constructor(log: ReadableLog) {
    this.#log = log;
  }

  get cursor(): Cursor {
    return this.#log.cursor;
  }

  get oldest(): number {
    return this.#log.oldest;
  }

  /** What was appended. What it was not told of, it reads from the log. */
  push(events: readonly LoggedEvent[]): void {
    if (events[0]?.seq !== this.#end + 1) [this.#events, this.#bytes] = [[], 0];
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += event.bytes;
    }
    if (this.#bytes <= 2 * RECENT_BYTES) return; // by halves: what goes is moved once
    let from = 0;
    for (; this.#bytes > RECENT_BYTES; from++) this.#bytes -= this.#events[from]?.bytes ?? 0;
    this.#events = this.#events.slice(from);
  }

  /** As the log's, of which it is a part: also what was let go there meanwhile, while it is here. */
  read(after: number): Iterable<LoggedEvent> {
    if (!this.#has(after)) this.#fill(after);
    if (!this.#has(after)) return this.#log.read(after); // it is long, or heavy
    return eventsFrom(this.#events, after + 1 - (this.#events[0]?.seq ?? 0));
  }

  /** Whether nothing of what lies behind `after` is missing. */
  covers(after: number): boolean {
    return after + 1 >= Math.min(this.#log.oldest, this.#events[0]?.seq ?? Number.POSITIVE_INFINITY);
  }

  #fill(after: number): void {
    const behind = this.#log.cursor.seq - after;
    if (after + 1 < this.#log.oldest || behind <= 0 || behind > FILL_EVENTS) return;
    [this.#events, this.#bytes] = [[], 0];
    this.push([...this.#log.read(after)]);
  }

  #has(after: number): boolean {
    const first = this.#events[0]?.seq;
    return first !== undefined && first <= after + 1 && this.#end === this.#log.cursor.seq;
  }

  get #end(): number {
    return this.#events.at(-1)?.seq ?? -1;
  }
}

function* eventsFrom(events: readonly LoggedEvent[], start: number): Generator<LoggedEvent, void> {
  for (let index = start; index < events.length; index++) yield events[index] as LoggedEvent;
}
