import { expect, it } from "vitest";
import { expired, isOver, TRIM_STEP } from "../../../src/core/log/retention.ts";

const retention = { maxEvents: 1_000, maxAgeMs: 60_000, maxBytes: 10_000 };

it.each([
  [1_000, 10_000, false],
  [1_010, 10_100, false],
  [1_011, 0, true],
  [0, 10_101, true],
])("[L7] exceeds its limit with %i events of %i bytes: %s", (events, bytes, over) => {
  expect(isOver(retention, { events, bytes })).toBe(over);
});

it("[L7] counts only the oldest, up to the first that is kept", () => {
  const ages = [0, 0, 50_000, 0].map((atMs) => ({ bytes: 1, atMs }));
  expect(expired(ages, { events: 4, bytes: 4 }, retention, 60_000)).toEqual({ events: 2, bytes: 2 });
});

it("[L7] counts no more than one step may delete", () => {
  const many = Array.from({ length: 5_000 }, () => ({ bytes: 1, atMs: 0 }));
  expect(expired(many, { events: 5_000, bytes: 5_000 }, retention, 60_000)).toEqual({
    events: TRIM_STEP,
    bytes: TRIM_STEP,
  });
});
