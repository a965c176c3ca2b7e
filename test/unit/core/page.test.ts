import { expect, it } from "vitest";
import type { LoggedEvent } from "../../../src/core/log/event-log.ts";
import { FRAME_PAGE, pagesOf } from "../../../src/core/log/page.ts";

const ALL = { asked: null, allowed: null };
const logged = (seq: number, bytes = 10, type = "a"): LoggedEvent => ({ seq, type, event: `${seq}`, bytes });
const run = (from: number, to: number, bytes?: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => logged(from + n, bytes));

it("[P1] ends at 64 KiB, and joins without a gap", () => {
  const pages = [...pagesOf(run(1, 20, 10_000), 0, ALL, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [6, 6, false],
    [6, 12, false],
    [6, 18, false],
    [2, 20, true],
  ]);
  for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(65_536);
});

it("[F3] holds exactly one event where that is larger than a page", () => {
  const pages = [...pagesOf([logged(1), logged(2, 200_000), logged(3)], 0, ALL, FRAME_PAGE)];
  expect(pages.map(({ events }) => events)).toEqual([["1"], ["2"], ["3"]]);
});

it("[P1] ends after 10,000 events that were looked at, though none was heard", () => {
  const pages = [...pagesOf(run(1, 25_000), 0, { asked: ["b"], allowed: null }, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [0, 10_000, false],
    [0, 20_000, false],
    [0, 25_000, true],
  ]);
});

it("covers what lies behind its last event and is not heard", () => {
  const mixed = [logged(1, 10, "b"), logged(2), logged(3, 10, "b"), logged(4, 10, "b")];
  const [page, ...rest] = pagesOf(mixed, 0, { asked: ["a"], allowed: null }, FRAME_PAGE);
  expect([page, rest]).toEqual([{ events: ["2"], to: 4, bytes: expect.any(Number), end: true }, []]);
});

it("is one page without events, at the place where it began, where there is nothing", () => {
  expect([...pagesOf([], 7, ALL, FRAME_PAGE)]).toEqual([{ events: [], to: 7, bytes: expect.any(Number), end: true }]);
});

it("reads one event more than the pages that are taken, and no further", () => {
  let taken = 0;
  function* counted() {
    for (const event of run(1, 100, 30_000)) {
      taken += 1;
      yield event;
    }
  }
  const pages = pagesOf(counted(), 0, ALL, FRAME_PAGE);
  pages.next();
  expect(taken).toBe(3);
});
