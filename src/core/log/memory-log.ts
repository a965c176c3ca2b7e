// The log's contract kept in memory, for tests and simulations: the plainest body that can be right.
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import { REMEMBER_MS } from "../../wire/limits.ts";
import type { AppendedEvent, EventLog, KnownEvent, LoggedEvent } from "./event-log.ts";
import { contentIn } from "./fingerprint.ts";
import { expired, type Retention } from "./retention.ts";
import { CountedUsage } from "./usage.ts";

type Dated = LoggedEvent & { readonly atMs: number };

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

  get oldestMs(): number | null {
    return this.#events[0]?.atMs ?? null;
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    const next = this.cursor.seq + 1;
    const wrong = events.find(({ seq }, index) => seq !== next + index);
    if (wrong) throw new Error(`Event ${wrong.seq} does not follow ${this.cursor.seq}.`);
    const dated = events.map((event) => ({ ...event, atMs }));
    this.#events = this.#events.concat(dated);
    for (const event of dated) if (event.key !== null) this.#keys.set(event.key, event);
    this.cursor = { epoch, seq: this.cursor.seq + events.length };
    this.bornMs ??= atMs;
    this.lastMs = atMs;
    this.usage.add(events);
    this.usage.rowsWritten += events.length;
  }

  findKey(key: string, nowMs: number): KnownEvent | undefined {
    const known = this.#keys.get(key);
    if (!known || (known.seq < this.oldest && known.atMs + REMEMBER_MS <= nowMs)) return undefined;
    return { seq: known.seq, is: (content) => contentIn(known.event) === content };
  }

  *read(after: number): Iterable<LoggedEvent> {
    for (const { seq, type, event, bytes } of this.#events.slice(Math.max(0, after + 1 - this.oldest))) {
      yield { seq, type, event, bytes };
    }
  }

  trim(retention: Retention, nowMs: number): number {
    const { bytes } = this.usage;
    const kept = { events: this.#events.length, bytes };
    const { events: count, bytes: gone } = expired(this.#events, kept, retention, nowMs);
    this.#events = this.#events.slice(count);
    this.usage.bytes -= gone;
    this.usage.rowsWritten += count;
    return count;
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
}
