import { expect, it } from "vitest";
import { EMPTY_TALLY, OTHER_TYPES, withEvents } from "../../src/core/tally.ts";

it("[L9] counts by type and adds up bytes", () => {
  const once = withEvents(EMPTY_TALLY, [
    { type: "a", bytes: 3 },
    { type: "__proto__", bytes: 4 },
  ]);
  const twice = withEvents(once, [{ type: "a", bytes: 5 }]);
  expect(Object.entries(twice.byType)).toEqual([
    ["a", 2],
    ["__proto__", 1],
  ]);
  expect(twice.bytes).toBe(12);
});

it("[L9] counts what comes after 256 types as others", () => {
  const types = Array.from({ length: 300 }, (_, n) => ({ type: `user:${n}`, bytes: 1 }));
  const tally = withEvents(withEvents(EMPTY_TALLY, types), types);
  expect(Object.keys(tally.byType)).toHaveLength(257);
  expect([tally.byType["user:0"], tally.byType[OTHER_TYPES]]).toEqual([2, 88]);
});
