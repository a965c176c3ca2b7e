// Rows in their order, as many as memory may take, and how many events of each type they are.
import { Deque } from "./deque.ts";
import type { FeedRow } from "./feed-row.ts";

/** What a list may hold: rows, and UTF-16 units of their events' data, of which one event may have 256 Ki. */
export interface ListLimits {
  readonly rows: number;
  readonly units: number;
}

export class RowList {
  events = 0;
  /** How many events of each type. */
  readonly types = new Map<string, number>();
  readonly #rows = new Deque<FeedRow>();
  readonly #limits: ListLimits;
  #units = 0;

  constructor(limits: ListLimits) {
    this.#limits = limits;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Whether it has more than it may hold. One row is always allowed. */
  get isOver(): boolean {
    return this.length > 1 && (this.length > this.#limits.rows || this.#units > this.#limits.units);
  }

  /** @param index 0: the oldest */
  at(index: number): FeedRow | undefined {
    return this.#rows.at(index);
  }

  /** Puts `row`, which MUST have the same key, in the place of the one at `index`. */
  set(index: number, row: FeedRow): void {
    const before = this.#rows.at(index);
    if (before) this.#count(before, -1);
    this.#count(row, 1);
    this.#rows.set(index, row);
  }

  /** Adds the newest one. */
  push(row: FeedRow): void {
    this.#rows.push(this.#count(row, 1));
  }

  /** Adds the oldest one. */
  unshift(row: FeedRow): void {
    this.#rows.unshift(this.#count(row, 1));
  }

  /** Takes the newest one. */
  pop(): FeedRow | undefined {
    const row = this.#rows.pop();
    return row && this.#count(row, -1);
  }

  /** Takes the oldest one. */
  shift(): FeedRow | undefined {
    const row = this.#rows.shift();
    return row && this.#count(row, -1);
  }

  /** From the oldest. */
  [Symbol.iterator](): Iterator<FeedRow> {
    return this.#rows[Symbol.iterator]();
  }

  #count(row: FeedRow, by: 1 | -1): FeedRow {
    if (row.kind !== "event") return row;
    const { type } = row.envelope;
    const count = (this.types.get(type) ?? 0) + by;
    if (count > 0) this.types.set(type, count);
    else this.types.delete(type);
    this.events += by;
    this.#units += by * row.text.length;
    return row;
  }
}

/** By keys, which ascend. @returns the index of the row with that key, else of the next newer one */
export function indexOfKey(
  rows: { readonly length: number; at(index: number): FeedRow | undefined },
  key: number,
): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows.at(middle)?.key ?? 0) < key) from = middle + 1;
    else to = middle;
  }
  return from;
}
