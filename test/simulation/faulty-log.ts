// A hub's log over storage that outlives its memory, and whose next write can be made to fail.
import type { EventLog, KnownEvent } from "../../src/core/log/event-log.ts";
import type { AppendedEvent } from "../../src/core/log/logged-event.ts";
import type { Piece, Retention } from "../../src/core/log/retention.ts";
import { SegmentLog } from "../../src/core/log/segment-log.ts";
import type { Slice, TypeFilter } from "../../src/core/log/slice.ts";
import { FaultyStore } from "../support/faulty-store.ts";

export class FaultyLog implements EventLog {
  /** Everything that was ever appended, also what was deleted since. */
  readonly appended: { readonly seq: number; readonly type: string; readonly id: string }[] = [];
  /** Is called after each append. */
  onAppend: () => void = () => {};
  readonly #store = new FaultyStore();
  #log: SegmentLog;
  #generation = 0;

  constructor() {
    this.#log = this.#open("");
  }

  /** Its memory is gone, and it is read from storage again. @param epoch the one to go on under, if it changes */
  reopen(epoch?: string): void {
    if (epoch !== undefined) this.#generation += 1;
    this.#log = this.#open(epoch ?? "");
  }

  /** Makes the next append fail, at its first row or at a later one, if it has as many. `null`: none fails. */
  set failsIn(row: number | null) {
    this.#store.failsIn = row;
  }

  append(events: readonly AppendedEvent[], epoch: string, atMs: number): void {
    this.#log.append(events, epoch, atMs);
    for (const { seq, type, event } of events) this.appended.push({ seq, type, id: JSON.parse(event).id });
    this.onAppend();
  }

  get cursor() {
    return this.#log.cursor;
  }

  get oldest(): number {
    return this.#log.oldest;
  }

  get oldestPiece(): Piece | null {
    return this.#log.oldestPiece;
  }

  get bornMs(): number | null {
    return this.#log.bornMs;
  }

  get lastMs(): number | null {
    return this.#log.lastMs;
  }

  get usage() {
    return this.#log.usage;
  }

  get flushedSeq(): number {
    return this.#log.flushedSeq;
  }

  get isUsageDue(): boolean {
    return this.#log.isUsageDue;
  }

  findKey(key: string, nowMs: number): KnownEvent | undefined {
    return this.#log.findKey(key, nowMs);
  }

  read(after: number, wanted: TypeFilter): Iterable<Slice> {
    return this.#log.read(after, wanted);
  }

  readBackwards(before: number, wanted: TypeFilter): Iterable<Slice> {
    return this.#log.readBackwards(before, wanted);
  }

  trim(retention: Retention, nowMs: number): number {
    return this.#log.trim(retention, nowMs);
  }

  remove(seq: number): string | undefined {
    return this.#log.remove(seq);
  }

  removeBefore(seq: number, nowMs: number): number {
    return this.#log.removeBefore(seq, nowMs);
  }

  writeUsage(flushedSeq?: number): void {
    this.#log.writeUsage(flushedSeq);
  }

  rowWritten(): void {
    this.#log.rowWritten();
  }

  #open(epoch: string): SegmentLog {
    const options = { generation: String(this.#generation), freshEpoch: () => epoch, maxIndexed: 64 };
    return new SegmentLog(this.#store, options);
  }
}
