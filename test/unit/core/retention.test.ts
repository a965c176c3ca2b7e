import { expect, it } from "vitest";
import { expired, isOver, TRIM_STEP, TRIM_STEP_BYTES } from "../../../src/core/log/retention.ts";

const retention = { maxEvents: 1_000, maxAgeMs: 60_000, maxBytes: 10_000 };

it.each([
  [1_000, 10_000, false],
  [1_010, 10_100, false],
  [1_011, 0, true],
  [0, 10_101, true],
])("[L7] exceeds its limit with %i events of %i bytes: %s", (events, bytes, over) => {
  expect(isOver(retention, { events, bytes }, { events: 1, bytes: 10 })).toBe(over);
});

it.each([
  [1_099, 0, false],
  [1_100, 0, true],
  [0, 10_499, false],
  [0, 10_500, true],
])(
  "[L7] of %i events of %i bytes deletes the first 100, of 500 bytes, if it keeps enough without them: %s",
  (events, bytes, over) => {
    expect(isOver(retention, { events, bytes }, { events: 100, bytes: 500 })).toBe(over);
  },
);

it("[L7] counts only the oldest pieces, up to the first that is kept", () => {
  const pieces = [0, 0, 50_000, 0].map((lastMs) => ({ events: 1, bytes: 1, lastMs }));
  expect(expired(pieces, { events: 4, bytes: 4 }, retention, 60_000)).toBe(2);
});

it.each([
  ["events", { events: 1_100, bytes: 0 }, 1],
  ["bytes", { events: 0, bytes: 10_200 }, 2],
])("[L7] keeps at least as many %s as it promises, and less than one piece more", (_, kept, count) => {
  const pieces = Array.from({ length: 9 }, () => ({ events: 60, bytes: 100, lastMs: 60_000 }));
  expect(expired(pieces, kept, retention, 60_000)).toBe(count);
});

it("[L7] counts no more than one step may delete, and at least one piece", () => {
  const piece = { events: 900, bytes: 1, lastMs: 0 };
  const kept = { events: 9_000, bytes: 10 };
  expect(expired(Array(10).fill(piece), kept, retention, 60_000)).toBe(Math.floor(TRIM_STEP / 900));
  expect(expired([{ ...piece, events: TRIM_STEP + 1 }, piece], kept, retention, 60_000)).toBe(1);
  const large = { events: 1, bytes: TRIM_STEP_BYTES / 4, lastMs: 0 };
  const all = { events: 10, bytes: 10 * large.bytes };
  expect(expired(Array(10).fill(large), all, retention, 60_000)).toBe(4);
});
