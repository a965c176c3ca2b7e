import { expect, it } from "vitest";
import { FEED_LIMITS, FeedWindow } from "../../../../src/dashboard/feed/rows/feed-window.ts";
import { NO_FILTER } from "../../../../src/dashboard/feed/rows/row-filter.ts";

const event = (seq: number, type = `t${seq % 3}`, data: unknown = { seq }) => ({
  type,
  data: data as { seq: number },
  source: "s",
  timestamp: "2026-11-21T12:00:00Z",
  id: `${seq}`,
  seq,
});
const cursor = (seq: number) => `k3x9.${seq}`;

function add(window: FeedWindow, from: number, to: number): void {
  for (let seq = from; seq <= to; seq++) window.add(event(seq), cursor(seq));
}

const page = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => [event(from + n), cursor(from + n)] as const);

/** The list, the newest first: seqs and kinds of marks. */
const shown = (window: FeedWindow) =>
  Array.from({ length: window.length }, (_, index) => {
    const row = window.at(index);
    return row?.kind === "event" ? row.envelope.seq : row?.kind;
  });

const small = () => new FeedWindow({ rows: 5, units: 1_000 });

it("shows what comes, the newest first, and marks where they happened", () => {
  const window = small();
  add(window, 1, 2);
  window.mark({ kind: "live" });
  add(window, 3, 3);
  expect(shown(window)).toEqual([3, "live", 2, 1]);
  expect(window.loaded).toBe(3);
});

it("[D7] drops the oldest rows beyond its limit, also by the length of their data", () => {
  const window = small();
  add(window, 1, 7);
  expect(shown(window)).toEqual([7, 6, 5, 4, 3]);
  window.add(event(8, "big", "x".repeat(990)), cursor(8));
  expect(shown(window)).toEqual([8]);
  window.add(event(9, "bigger", "x".repeat(5_000)), cursor(9));
  expect(shown(window)).toEqual([9]); // one is always shown
  expect([...window.types]).toEqual([["bigger", 1]]);
});

it("[D8] holds back what comes, and shows it in its place", () => {
  const window = small();
  add(window, 1, 2);
  window.isHolding = true;
  add(window, 3, 4);
  expect(shown(window)).toEqual([2, 1]);
  expect([window.waiting, window.fresh]).toEqual([2, 2]);
  window.release();
  expect(shown(window)).toEqual([4, 3, 2, 1]);
  expect([window.waiting, window.fresh]).toEqual([0, 0]);
});

it("[D8] begins with the newest held events where more were held than it keeps: the others are in the log", () => {
  const window = small();
  add(window, 1, 2);
  window.isHolding = true;
  add(window, 3, 9);
  expect([window.waiting, window.fresh]).toEqual([5, 5]);
  window.release();
  expect(shown(window)).toEqual([9, 8, 7, 6, 5]);
  expect(window.oldestCursor).toBe(cursor(5));
});

it("[D8] leaves no gap before what was held, also where there would be place", () => {
  const window = small();
  add(window, 1, 1);
  window.isHolding = true;
  window.add(event(2, "big", "x".repeat(600)), cursor(2));
  window.add(event(3, "big", "x".repeat(600)), cursor(3)); // 2 goes for it
  window.release();
  expect(shown(window)).toEqual([3]);
});

it("[D7] lets the newest rows go for older pages, and has them back while there is place", () => {
  const window = small();
  add(window, 11, 14);
  window.isHolding = true;
  window.addOlder(page(8, 10));
  expect(shown(window)).toEqual([12, 11, 10, 9, 8]);
  expect(window.waiting).toBe(2);
  add(window, 15, 15);
  window.release();
  expect(shown(window)).toEqual([15, 14, 13, 12, 11]); // what is older is in the log
  window.isHolding = true;
  window.addOlder(page(3, 10));
  add(window, 16, 16);
  window.release();
  expect(shown(window).at(0)).toBe(16);
  expect(shown(window)).toEqual([...shown(window)].sort((a, b) => Number(b) - Number(a)));
});

it("[D9] shows what passes the filter, of the past and of what comes, and keeps marks", () => {
  const window = small();
  add(window, 1, 3);
  window.mark({ kind: "reset", reason: "epoch" });
  window.filter({ ...NO_FILTER, types: ["t1"] });
  expect(shown(window)).toEqual(["reset", 1]);
  add(window, 4, 5);
  expect(shown(window)).toEqual([4, "reset"]); // 1 is gone with the oldest rows
  expect([window.matching, window.loaded]).toEqual([1, 4]);
  window.isHolding = true;
  add(window, 6, 7);
  expect([window.waiting, window.fresh]).toEqual([2, 1]);
  window.addOlder(page(0, 1));
  expect(window.matching).toBe(1);
  window.filter(NO_FILTER);
  expect(window.fresh).toBe(window.waiting);
});

it("finds rows by key, also where the row is gone", () => {
  const window = small();
  expect(window.indexOf(1)).toBe(-1);
  add(window, 1, 9);
  const key = window.at(2)?.key ?? 0;
  expect(window.indexOf(key)).toBe(2);
  add(window, 10, 10);
  expect(window.indexOf(key)).toBe(3);
  expect(window.indexOf(-99)).toBe(4);
  expect(window.indexOf(99)).toBe(0);
});

it("[D10] puts a mark in the place of an event that was taken out, shown or held, and forgets it", () => {
  const window = small();
  add(window, 1, 2);
  window.isHolding = true;
  add(window, 3, 3);
  expect([window.remove(cursor(1)), window.remove(cursor(3)), window.remove(cursor(7))]).toEqual([true, true, false]);
  expect(window.find(cursor(1))).toBeUndefined();
  window.release();
  expect(shown(window)).toEqual(["removed", 2, "removed"]);
  expect([window.loaded, [...window.types]]).toEqual([1, [["t2", 1]]]);
  expect(window.oldestCursor).toBe(cursor(1)); // its place in the log is still there
});

it("[D7] keeps a bounded number of events, however many come, and takes each in without looking at the others", () => {
  const window = new FeedWindow();
  window.filter({ ...NO_FILTER, types: ["t1"] });
  let looks = 0;
  const counted = (seq: number) => {
    const each = event(seq);
    return {
      ...each,
      get type() {
        looks++;
        return each.type;
      },
    };
  };
  for (let seq = 1; seq <= 100_000; seq++) {
    if (seq === 30_000) window.isHolding = true;
    if (seq === 60_000) window.release();
    window.add(counted(seq), cursor(seq));
  }
  expect(window.loaded).toBe(FEED_LIMITS.rows);
  expect(window.waiting).toBe(0);
  expect(window.types.size).toBe(3);
  expect(window.length).toBe(window.matching);
  expect(looks).toBeLessThan(100_000 * 2); // its copy reads it once
  window.filter(NO_FILTER);
  expect(shown(window)).toEqual(Array.from({ length: 5_000 }, (_, n) => 100_000 - n));
});
