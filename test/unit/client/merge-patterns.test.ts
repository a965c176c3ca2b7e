import { expect, it } from "vitest";
import { mergePatterns } from "../../../src/client/merge-patterns.ts";

it.each<[string, readonly string[], string | readonly string[], readonly string[]]>([
  ["narrows from everything", [], "a", ["a", "reactor_heartbeat"]],
  ["adds to the patterns", ["a", "reactor_heartbeat"], ["b"], ["a", "reactor_heartbeat", "b"]],
  ["accepts a comma-separated list", [], " a, b ,", ["a", "b", "reactor_heartbeat"]],
  ["has each pattern once", ["a"], ["a", "a"], ["a", "reactor_heartbeat"]],
  ["keeps the heartbeat, also if it was not subscribed before", ["a"], "b", ["a", "b", "reactor_heartbeat"]],
])("[W6] %s", (_what, patterns, names, merged) => {
  expect(mergePatterns(patterns, names)).toEqual(merged);
});

it("[W6] changes nothing without names", () => {
  const patterns = ["a"];
  expect(mergePatterns(patterns, "")).toBe(patterns);
  expect(mergePatterns(patterns, [])).toBe(patterns);
});
