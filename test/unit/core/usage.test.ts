import { expect, it } from "vitest";
import { Counting, OTHER_TYPES } from "../../../src/core/log/usage.ts";

it("[L9] counts by type and adds up bytes", () => {
  const tally = new Counting();
  const named = ["__proto__", "constructor", "toString"].map((type) => ({ type, bytes: 4 }));
  tally.add([{ type: "a", bytes: 3 }, ...named]);
  tally.add([{ type: "a", bytes: 5 }, ...named]);
  expect([...tally.byType]).toEqual([
    ["a", 2],
    ["__proto__", 2],
    ["constructor", 2],
    ["toString", 2],
  ]);
  expect(tally.bytes).toBe(32);
});

it("[L9] counts what comes after 256 types as others", () => {
  const types = Array.from({ length: 300 }, (_, n) => ({ type: `user:${n}`, bytes: 1 }));
  const tally = new Counting();
  tally.add(types);
  tally.add(types);
  expect(tally.byType.size).toBe(257);
  expect([tally.byType.get("user:0"), tally.byType.get("user:256"), tally.byType.get(OTHER_TYPES)]).toEqual([
    2,
    undefined,
    88,
  ]);
});
