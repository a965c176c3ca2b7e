import { expect, it } from "vitest";
import { CountedUsage, latest, OTHER_TYPES } from "../../../src/core/log/usage.ts";

it("[L9] counts by type, also types that are named as what every object has", () => {
  const usage = new CountedUsage();
  for (const type of ["a", "__proto__", "constructor", "toString"]) usage.addType(type, 1);
  usage.addTypes(
    new Map([
      ["a", 2],
      ["__proto__", 1],
    ]),
  );
  expect([...usage.byType]).toEqual([
    ["a", 3],
    ["__proto__", 2],
    ["constructor", 1],
    ["toString", 1],
  ]);
});

it("[L9] counts what comes after 256 types as others", () => {
  const usage = new CountedUsage();
  for (let n = 0; n < 600; n++) usage.addType(`user:${n % 300}`, 1);
  expect(usage.byType.size).toBe(257);
  expect([usage.byType.get("user:0"), usage.byType.get("user:256"), usage.byType.get(OTHER_TYPES)]).toEqual([
    2,
    undefined,
    88,
  ]);
});

it("[L9] takes of two states of its counters the later one, whole", () => {
  const [earlier, later] = [
    { wakes: 1, rowsWritten: 5, requests: 9, messages: 0, deliveries: 8, tallies: "{}" },
    { wakes: 2, rowsWritten: 6, requests: 9, messages: 4, deliveries: 8, tallies: '{"replays":1}' },
  ];
  expect([latest(earlier, later), latest(later, earlier)]).toEqual([later, later]);
});
