import { expect, it } from "vitest";
import { Counts, OTHER_CODES } from "../../../src/core/counts/counts.ts";
import { type Reading, surveyOf } from "../../../src/core/counts/survey.ts";
import type { ProblemCode } from "../../../src/wire/problem.ts";

it("[H26] counts sockets by dialect, closes and refusals by code, resets by reason, replays and deliveries", () => {
  const counts = new Counts();
  counts.opened("v1", undefined);
  counts.opened("v1", "deflate");
  counts.opened("legacy", undefined);
  counts.opened("legacy", undefined);
  counts.closed(1000);
  counts.closed(4408);
  counts.closed(4408);
  counts.refused("forbidden");
  counts.reset("trimmed");
  counts.replayed();
  counts.delivered(200);
  counts.delivered(3);
  expect(counts.totals).toEqual({
    opened: { v1: 1, "v1.deflate": 1, legacy: 2 },
    closes: { "1000": 1, "4408": 2 },
    refusals: { forbidden: 1 },
    resets: { trimmed: 1 },
    replays: 1,
    deliveries: 203,
  });
});

it("[H26] [L9] goes on from what was stored, and of two states keeps the later, whichever comes first", () => {
  const first = new Counts();
  first.opened("v1", undefined);
  first.delivered(5);
  const earlier = { deliveries: first.deliveries, tallies: first.tallies };
  first.closed(1000);
  first.closed(3456);
  first.opened("v1", undefined);
  first.refused("unauthorized");
  first.reset("ahead");
  first.replayed();
  first.delivered(4);
  const later = { deliveries: first.deliveries, tallies: first.tallies };
  for (const states of [
    [earlier, later],
    [later, earlier],
  ]) {
    const second = new Counts();
    for (const state of states) second.restore(state);
    expect(second.totals).toEqual(first.totals);
    expect([second.deliveries, second.tallies]).toEqual([later.deliveries, later.tallies]);
    second.opened("v1", undefined);
    expect(second.totals.opened).toEqual({ v1: 3 });
  }
});

it("[H26] stores nothing but an empty object before anything was counted", () => {
  expect([new Counts().deliveries, new Counts().tallies]).toEqual([0, "{}"]);
});

it("[H26] counts 16 close codes that clients have made up by name, also after a wake, and further ones together", () => {
  const first = new Counts();
  for (let code = 3_000; code < 3_010; code++) first.closed(code);
  const counts = new Counts();
  counts.restore(first);
  for (let code = 3_010; code < 3_030; code++) counts.closed(code);
  counts.closed(3_000);
  counts.closed(4429);
  counts.closed(1006);
  const { closes } = counts.totals;
  expect(Object.keys(closes)).toHaveLength(16 + 1 + 2);
  expect([closes[3000], closes[3015], closes[3016], closes[OTHER_CODES]]).toEqual([2, 1, undefined, 14]);
  expect([closes[4429], closes[1006]]).toEqual([1, 1]);
});

it("[H26] adds refusals that the Worker hands on, and takes no code that there is not", () => {
  const counts = new Counts();
  counts.refused("forbidden");
  counts.addRefusals({ forbidden: 2, bad_json: 1, ["toString" as ProblemCode]: 9 });
  expect(counts.totals.refusals).toEqual({ forbidden: 3, bad_json: 1 });
});

it("says once that something has changed", () => {
  const counts = new Counts();
  let changes = 0;
  counts.onceChanged(() => changes++);
  counts.delivered(0);
  expect(changes).toBe(0);
  counts.delivered(1);
  counts.replayed();
  expect(changes).toBe(1);
});

const reading = (part: Partial<Reading>): Reading => ({
  ...{ clientId: "a", sub: null, dialect: "v1", encoding: undefined, isLive: true, lag: 0, buffered: 0 },
  ...part,
});

it("[H25] counts sockets by kind and by how far they are behind, each once", () => {
  const lags = [0, 1, 10, 11, 100, 101, 1_000, 1_001, 10_000, 10_001, 99_999];
  const readings = [
    ...lags.map((lag) => reading({ lag, isLive: false })),
    reading({ encoding: "deflate" }),
    reading({ dialect: "legacy" }),
    reading({ dialect: "legacy" }),
  ];
  const { kinds, lag } = surveyOf(
    [...readings, undefined],
    (each) => each,
    () => 0,
  );
  expect(kinds).toEqual([
    { dialect: "v1", encoding: undefined, isLive: false, count: 11 },
    { dialect: "v1", encoding: "deflate", isLive: true, count: 1 },
    { dialect: "legacy", encoding: undefined, isLive: true, count: 2 },
  ]);
  expect(lag.map(({ upTo, count }) => [upTo, count])).toEqual([
    [0, 1 + 3],
    [10, 2],
    [100, 2],
    [1_000, 2],
    [10_000, 2],
    [null, 2],
  ]);
});

it("[H25] names the ten slowest, by how far they are behind, then by what is buffered", () => {
  const readings = Array.from({ length: 1_000 }, (_, n) => {
    const mixed = (n * 7_919) % 1_000; // each number once
    return reading({ clientId: String(mixed), lag: mixed >> 1, buffered: mixed & 1 });
  });
  const asked: Reading[] = [];
  const { slowest } = surveyOf(
    readings,
    (each) => each,
    (each) => asked.push(each),
  );
  expect(slowest.map(({ clientId }) => clientId)).toEqual(
    Array.from({ length: 10 }, (_, index) => String(999 - index)),
  );
  expect(slowest[0]).toMatchObject({ lag: 499, buffered: 1, heardMs: 1 });
  expect(asked).toHaveLength(10);
});
