import { expect, it } from "vitest";
import { reportOf, totalOf } from "../../../../src/dashboard/connections/connections-report.ts";

it("[D23] takes what is no figure or text for unknown", () => {
  const [report] = reportOf({
    objects: [
      { connections: [{ dialect: 1, state: "", count: "3" }, "x"], lag: 7, slowest: [{}], closes_total: { 1000: "3" } },
      null,
    ],
  });
  expect(report).toEqual({
    object: "?",
    connections: [{ dialect: null, encoding: null, state: null, count: null }],
    lag: [],
    slowest: [
      { clientId: null, sub: null, dialect: null, state: null, lagEvents: null, bufferedBytes: null, heardMsAgo: null },
    ],
    opened: [],
    closes: [["1000", null]],
    refusals: [],
    resets: [],
    replays: null,
    deliveries: null,
  });
  expect(reportOf({})).toEqual([]);
});

it("[D23] shows ten of the slowest, however many there are", () => {
  const slowest = Array.from({ length: 99 }, (_, nth) => ({ client_id: `c${nth}` }));
  expect(reportOf({ objects: [{ slowest }] })[0]?.slowest).toHaveLength(10);
});

it("[D23] adds up what is known", () => {
  expect(totalOf([])).toBe(0);
  expect(
    totalOf([
      ["1000", 2],
      ["1001", null],
      ["1006", 3],
    ]),
  ).toBe(5);
  expect(totalOf([["1000", null]])).toBeNull();
});
