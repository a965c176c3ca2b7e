// A segment store in memory: what outlives a hub's memory, without the platform.
import type { OpenSegment, Segment, SegmentHead } from "../../src/core/log/segment.ts";
import { type LogState, type SegmentStore, StoreContradiction } from "../../src/core/log/segment-store.ts";
import type { Counters } from "../../src/core/log/usage.ts";

interface Row {
  readonly segment: Segment;
  readonly counters: Counters;
}

export class StoreInMemory implements SegmentStore {
  state: LogState | undefined;
  /** How many rows were written since it was made. */
  rowsWritten = 0;
  /** Ascending. */
  rows: readonly Row[] = [];
  #values: ReadonlyMap<string, string> = new Map();

  transaction(act: () => void): void {
    const { state, rowsWritten, rows } = this;
    const values = this.#values;
    try {
      act();
    } catch (error) {
      [this.state, this.rowsWritten, this.rows, this.#values] = [state, rowsWritten, rows, values];
      throw error;
    }
  }

  readState(): LogState | undefined {
    return this.state;
  }

  writeState(state: LogState): void {
    this.rowsWritten += 1;
    this.state = { ...state, byType: new Map(state.byType) };
  }

  insert(segment: Segment, counters: Counters): void {
    const before = this.rows.at(-1)?.segment.lastSeq;
    if (before !== undefined && segment.firstSeq <= before)
      throw new StoreContradiction(`There is a segment with ${before} already.`);
    this.rowsWritten += 1;
    this.rows = [...this.rows, { segment, counters }];
  }

  extend(segment: OpenSegment, text: string, counters: Counters, before: number): void {
    const newest = this.rows.at(-1);
    if (newest?.segment.firstSeq !== segment.firstSeq || newest.segment.lastSeq !== before) {
      throw new StoreContradiction("Only the newest segment is extended, at its end.");
    }
    this.rowsWritten += 1;
    this.rows = [...this.rows.slice(0, -1), { segment: { ...segment, text: newest.segment.text + text }, counters }];
  }

  deleteTo(firstSeq: number): number {
    const kept = this.rows.filter(({ segment }) => segment.firstSeq > firstSeq);
    const count = this.rows.length - kept.length;
    this.rowsWritten += count;
    this.rows = kept;
    return count;
  }

  overwriteTo(): number {
    return 0;
  }

  replace(segment: Segment): number {
    this.rowsWritten += 1;
    this.rows = this.rows.map((row) => (row.segment.firstSeq === segment.firstSeq ? { ...row, segment } : row));
    return 1;
  }

  newest(): { readonly segment: OpenSegment; readonly counters: Counters } | undefined {
    return this.rows.at(-1);
  }

  headsFrom(seq: number): Iterable<SegmentHead> {
    return this.segmentsFrom(seq, Number.POSITIVE_INFINITY);
  }

  segmentsFrom(seq: number, limit: number): readonly Segment[] {
    const first = this.rows.findIndex(({ segment }) => segment.lastSeq >= seq);
    return first === -1 ? [] : this.rows.slice(first, first + limit).map(({ segment }) => segment);
  }

  *headsDownFrom(seq: number): Iterable<SegmentHead> {
    for (const { segment } of this.rows.toReversed()) if (segment.firstSeq <= seq) yield segment;
  }

  textOf(firstSeq: number): string {
    const row = this.rows.find(({ segment }) => segment.firstSeq === firstSeq);
    if (!row) throw new Error(`No segment begins with ${firstSeq}.`);
    return row.segment.text;
  }

  *fingerprintsBelow(seq: number): Iterable<Pick<Segment, "firstSeq" | "fingerprints">> {
    for (const { segment } of this.rows.toReversed()) {
      if (segment.firstSeq < seq && segment.fingerprints !== null) yield segment;
    }
  }

  *values(prefix: string, from = prefix): Iterable<readonly [key: string, value: string]> {
    const keys = [...this.#values.keys()].sort();
    for (const key of keys) if (key >= from && key.startsWith(prefix)) yield [key, this.#values.get(key) ?? ""];
  }

  setValue(key: string, value: string): void {
    this.rowsWritten += 1;
    this.#values = new Map(this.#values).set(key, value);
  }

  deleteValue(key: string): void {
    this.rowsWritten += 1;
    this.#values = new Map([...this.#values].filter(([each]) => each !== key));
  }
}
