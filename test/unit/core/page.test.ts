import { expect, it } from "vitest";
import type { LoggedEvent } from "../../../src/core/log/logged-event.ts";
import { FRAME_PAGE, type PageLimits, pagesOf as pagesOfSlices } from "../../../src/core/log/page.ts";
import type { Slice } from "../../../src/core/log/slice.ts";
import { slicesOf } from "../../support/stamped.ts";

const logged = (seq: number, bytes = 10, type = "a"): LoggedEvent => ({ seq, type, event: `${seq}`, bytes });
const run = (from: number, to: number, bytes?: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => logged(from + n, bytes));

const pagesOf = (events: Iterable<LoggedEvent>, after: number, limits: PageLimits) =>
  pagesOfSlices(slicesOf(events), after, limits);

it("[P1] ends at 32,000 bytes, and joins without a gap", () => {
  const pages = [...pagesOf(run(1, 20, 5_000), 0, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [6, 6, false],
    [6, 12, false],
    [6, 18, false],
    [2, 20, true],
  ]);
  for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(32_000);
});

it("[F3] holds exactly one event where that is larger than a page", () => {
  const pages = [...pagesOf([logged(1), logged(2, 200_000), logged(3)], 0, FRAME_PAGE)];
  expect(pages.map(({ events }) => events)).toEqual([["1"], ["2"], ["3"]]);
});

it("[P1] ends with the slice in which 10,000 events were looked at, though none was wanted", () => {
  const slices = Array.from({ length: 25 }, (_, n): Slice => {
    return { from: n * 1_000 + 1, to: (n + 1) * 1_000, scanned: 1_000, events: [] };
  });
  const pages = [...pagesOfSlices(slices, 0, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [0, 10_000, false],
    [0, 20_000, false],
    [0, 25_000, true],
  ]);
});

it("[P1] covers the events behind its last one that are not wanted", () => {
  const slices: Slice[] = [
    { from: 1, to: 3, scanned: 3, events: [logged(2)] },
    { from: 4, to: 9, scanned: 1, events: [] },
  ];
  const [page, ...rest] = pagesOfSlices(slices, 0, FRAME_PAGE);
  expect([page, rest]).toMatchObject([{ events: ["2"], to: 9, scanned: 4, end: true }, []]);
});

it("[P1] ends just before the event that has no room, in the middle of a slice", () => {
  const slices: Slice[] = [{ from: 1, to: 9, scanned: 9, events: [logged(2, 20_000), logged(7, 20_000)] }];
  expect([...pagesOfSlices(slices, 0, FRAME_PAGE)]).toMatchObject([
    { events: ["2"], to: 6, end: false },
    { events: ["7"], to: 9, end: true },
  ]);
});

it("is one page without events, at the place where it began, where there is nothing", () => {
  expect([...pagesOf([], 7, FRAME_PAGE)]).toMatchObject([{ events: [], to: 7, scanned: 0, end: true }]);
});

it("reads one event more than the pages that are consumed, and no further", () => {
  let reads = 0;
  function* counted() {
    for (const event of run(1, 100, 15_000)) {
      reads += 1;
      yield event;
    }
  }
  const pages = pagesOf(counted(), 0, FRAME_PAGE);
  pages.next();
  expect(reads).toBe(3);
});

/** A slice whose events, all wanted, come as one text. */
const joined = (from: number, to: number, bytes: number): Slice => ({
  from,
  to,
  scanned: to - from + 1,
  joined: { text: () => `${from}..${to}`, bytes },
  get events() {
    return run(from, to, Math.floor(bytes / (to - from + 1)));
  },
});

it("[P1] takes a slice as one text where it fits, and ends before one that does not, if it is half full", () => {
  const slices = [joined(1, 100, 15_000), joined(101, 200, 15_000), joined(201, 300, 15_000)];
  expect([...pagesOfSlices(slices, 0, FRAME_PAGE)]).toMatchObject([
    { events: ["1..100", "101..200"], to: 200, end: false },
    { events: ["201..300"], to: 300, end: true },
  ]);
});

it("[P1] cuts a slice that does not fit, if the page is not half full, or has as many events as it may", () => {
  const slices = [joined(1, 10, 5_000), joined(11, 20, 30_000)];
  const pages = [...pagesOfSlices(slices, 0, FRAME_PAGE)];
  expect(pages.map(({ to, count }) => [to, count])).toEqual([
    [18, 18],
    [20, 2],
  ]);
  const few = [...pagesOfSlices([joined(1, 10, 100), joined(11, 20, 100)], 0, { ...FRAME_PAGE, events: 15 })];
  expect(few.map(({ to, count }) => [to, count])).toEqual([
    [15, 15],
    [20, 5],
  ]);
});
