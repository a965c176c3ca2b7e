import { expect, it } from "vitest";
import { CountedUsage, OTHER_TYPES } from "../../../src/core/log/usage.ts";

it("[L9] counts by type and adds up bytes", () => {
  const usage = new CountedUsage();
  const named = ["__proto__", "constructor", "toString"].map((type) => ({ type, bytes: 4 }));
  usage.add([{ type: "a", bytes: 3 }, ...named]);
  usage.add([{ type: "a", bytes: 5 }, ...named]);
  expect([...usage.byType]).toEqual([
    ["a", 2],
    ["__proto__", 2],
    ["constructor", 2],
    ["toString", 2],
  ]);
  expect(usage.bytes).toBe(32);
});

it("[L9] counts types after the first 256 as others", () => {
  const types = Array.from({ length: 300 }, (_, n) => ({ type: `user:${n}`, bytes: 1 }));
  const usage = new CountedUsage();
  usage.add(types);
  usage.add(types);
  expect(usage.byType.size).toBe(257);
  expect([usage.byType.get("user:0"), usage.byType.get("user:256"), usage.byType.get(OTHER_TYPES)]).toEqual([
    2,
    undefined,
    88,
  ]);
});
