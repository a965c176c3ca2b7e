// The part of the channel's log that the page has: what is shown, what is held back while the visitor reads or has paused, and what of
// the shown rows passes the filter. Nothing here takes longer for more rows, but a new filter, which looks at each of them.

import type { ReactorEvent } from "../../../client/index.ts";
import { Deque } from "./deque.ts";
import { type EventRow, eventRow, type FeedRow, type Mark } from "./feed-row.ts";
import { isFiltering, NO_FILTER, passes, type RowFilter } from "./row-filter.ts";
import { indexOfKey, type ListLimits, RowList } from "./row-list.ts";

/** Of each of the two lists. 16 Mi units are 32 MB of memory at most. */
export const FEED_LIMITS: ListLimits = { rows: 5_000, units: 16 * 2 ** 20 };

export class FeedWindow {
  /** Whether what comes is held back: the list stands still under the eye. */
  isHolding = false;
  /** Held events that pass the filter. */
  fresh = 0;
  /** Shown events that pass the filter. */
  matching = 0;
  readonly #limits: ListLimits;
  #shown: RowList;
  #held: RowList;
  /** Whether the held rows begin right behind the shown ones. */
  #isJoined = true;
  #filter = NO_FILTER;
  /** The shown rows that pass; `null`: all do. Marks always pass. */
  #passing: Deque<FeedRow> | null = null;
  #newestKey = 0;
  #oldestKey = 1;

  constructor(limits: ListLimits = FEED_LIMITS) {
    this.#limits = limits;
    this.#shown = new RowList(limits);
    this.#held = new RowList(limits);
  }

  /** Rows that the list shows. */
  get length(): number {
    return (this.#passing ?? this.#shown).length;
  }

  /** Events that are loaded and not held back. */
  get loaded(): number {
    return this.#shown.events;
  }

  get isFiltered(): boolean {
    return this.#passing !== null;
  }

  /** Held events. */
  get waiting(): number {
    return this.#held.events;
  }

  /** How many of the loaded events are of each type. */
  get types(): ReadonlyMap<string, number> {
    return this.#shown.types;
  }

  /** A row that the list shows. @param index 0: the newest */
  at(index: number): FeedRow | undefined {
    const rows = this.#passing ?? this.#shown;
    return rows.at(rows.length - 1 - index);
  }

  /** @returns where the list shows the row with that key, else the one that took its place; -1 where it is empty */
  indexOf(key: number): number {
    const rows = this.#passing ?? this.#shown;
    return Math.min(rows.length - 1, Math.max(0, rows.length - 1 - indexOfKey(rows, key)));
  }

  /** Adds an event that just came. */
  add(event: ReactorEvent, cursor: string | null): void {
    this.#add(eventRow(++this.#newestKey, event, cursor));
  }

  /** Adds a mark behind what came before. */
  mark(mark: Mark): void {
    this.#add({ ...mark, key: ++this.#newestKey });
  }

  /** Adds a page that is older than all others. @param events ascending, with their cursors */
  addOlder(events: readonly (readonly [event: ReactorEvent, cursor: string])[]): void {
    for (const [event, cursor] of events.toReversed()) {
      const row = eventRow(--this.#oldestKey, event, cursor);
      this.#shown.unshift(row);
      if (this.#passes(row)) {
        this.matching++;
        this.#passing?.unshift(row);
      }
      while (this.#shown.isOver) this.#dropNewest();
    }
  }

  /** Shows what was held back. */
  release(): void {
    this.isHolding = false;
    const held = this.#held;
    this.#held = new RowList(this.#limits);
    this.fresh = 0;
    if (this.#isJoined) {
      for (const row of held) this.#show(row);
      return;
    }
    this.#isJoined = true;
    this.#shown = held;
    this.filter(this.#filter);
  }

  /** Shows only what passes. */
  filter(filter: RowFilter): void {
    this.#filter = filter;
    this.#passing = null;
    if (isFiltering(filter)) {
      this.#passing = new Deque();
      for (const row of this.#shown) if (this.#passes(row)) this.#passing.push(row);
    }
    this.matching = countEvents(this.#passing) ?? this.#shown.events;
    this.fresh = 0;
    for (const row of this.#held) if (row.kind === "event" && this.#passes(row)) this.fresh++;
  }

  /** Puts a mark in the place of an event that an operator took out. @returns whether it was here */
  remove(cursor: string): boolean {
    for (const list of [this.#shown, this.#held]) {
      for (let index = list.length - 1; index >= 0; index--) {
        const row = list.at(index);
        if (row?.kind !== "event" || row.cursor !== cursor) continue;
        list.set(index, { kind: "removed", cursor, key: row.key });
        this.filter(this.#filter);
        return true;
      }
    }
    return false;
  }

  /** The event at that place in the log, if it is here. */
  find(cursor: string): EventRow | undefined {
    for (const list of [this.#shown, this.#held]) {
      for (const row of list) if (row.kind === "event" && row.cursor === cursor) return row;
    }
    return undefined;
  }

  /** The place in the log of the oldest row that has one. */
  get oldestCursor(): string | undefined {
    for (const row of this.#shown) if ("cursor" in row && row.cursor !== null) return row.cursor;
    return undefined;
  }

  #add(row: FeedRow): void {
    if (!this.isHolding) {
      this.#show(row);
      return;
    }
    this.#held.push(row);
    if (row.kind === "event" && this.#passes(row)) this.fresh++;
    while (this.#held.isOver) {
      const dropped = this.#held.shift();
      if (dropped?.kind === "event" && this.#passes(dropped)) this.fresh--;
      this.#isJoined = false;
    }
  }

  #show(row: FeedRow): void {
    this.#shown.push(row);
    if (this.#passes(row)) {
      if (row.kind === "event") this.matching++;
      this.#passing?.push(row);
    }
    while (this.#shown.isOver) {
      const dropped = this.#shown.shift();
      if (dropped && this.#passes(dropped)) {
        if (dropped.kind === "event") this.matching--;
        this.#passing?.shift();
      }
    }
  }

  /** Those that are dropped are held, if there is place: then they can be shown again. */
  #dropNewest(): void {
    const dropped = this.#shown.pop();
    if (!dropped) return;
    if (this.#passes(dropped)) {
      if (dropped.kind === "event") this.matching--;
      this.#passing?.pop();
    }
    this.isHolding = true;
    if (!this.#isJoined) return;
    this.#held.unshift(dropped);
    if (!this.#held.isOver) {
      if (dropped.kind === "event" && this.#passes(dropped)) this.fresh++;
      return;
    }
    this.#held.shift();
    this.#isJoined = false;
  }

  #passes(row: FeedRow): boolean {
    return row.kind !== "event" || passes(this.#filter, row);
  }
}

function countEvents(rows: Deque<FeedRow> | null): number | undefined {
  if (!rows) return undefined;
  let count = 0;
  for (const { kind } of rows) if (kind === "event") count++;
  return count;
}
