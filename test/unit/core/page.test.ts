import { expect, it } from "vitest";
import type { LoggedEvent } from "../../../src/core/log/event-log.ts";
import { FRAME_PAGE, pagesOf } from "../../../src/core/log/page.ts";

const ALL = { asked: null, allowed: null };
const logged = (seq: number, bytes = 10, type = "a"): LoggedEvent => ({ seq, type, event: `${seq}`, bytes });
const run = (from: number, to: number, bytes?: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => logged(from + n, bytes));

it("[P1] ends at 64 KiB, and the next one continues without a gap", () => {
  const pages = [...pagesOf(run(1, 20, 10_000), 0, ALL, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [6, 6, false],
    [6, 12, false],
    [6, 18, false],
    [2, 20, true],
  ]);
  for (const { bytes } of pages) expect(bytes).toBeLessThanOrEqual(65_536);
});

it("[F3] holds exactly one event if that is larger than a page", () => {
  const pages = [...pagesOf([logged(1), logged(2, 200_000), logged(3)], 0, ALL, FRAME_PAGE)];
  expect(pages.map(({ events }) => events)).toEqual([["1"], ["2"], ["3"]]);
});

it("[P1] ends after 10,000 events that were read, also if none matches", () => {
  const pages = [...pagesOf(run(1, 25_000), 0, { asked: ["b"], allowed: null }, FRAME_PAGE)];
  expect(pages.map(({ events, to, end }) => [events.length, to, end])).toEqual([
    [0, 10_000, false],
    [0, 20_000, false],
    [0, 25_000, true],
  ]);
});

it("covers the events after its last one that do not match", () => {
  const mixed = [logged(1, 10, "b"), logged(2), logged(3, 10, "b"), logged(4, 10, "b")];
  const [page, ...rest] = pagesOf(mixed, 0, { asked: ["a"], allowed: null }, FRAME_PAGE);
  expect([page, rest]).toEqual([{ events: ["2"], to: 4, bytes: expect.any(Number), end: true }, []]);
});

it("is one page without events, at its start, if the log has none", () => {
  expect([...pagesOf([], 7, ALL, FRAME_PAGE)]).toEqual([{ events: [], to: 7, bytes: expect.any(Number), end: true }]);
});

it("reads one event more than the pages that are consumed, and no further", () => {
  let reads = 0;
  function* counted() {
    for (const event of run(1, 100, 30_000)) {
      reads += 1;
      yield event;
    }
  }
  const pages = pagesOf(counted(), 0, ALL, FRAME_PAGE);
  pages.next();
  expect(reads).toBe(3);
});
