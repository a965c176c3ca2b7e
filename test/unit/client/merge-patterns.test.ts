import { expect, it } from "vitest";
import { mergePatterns } from "../../../src/client/merge-patterns.ts";

it.each<[string, readonly string[], string | readonly string[], readonly string[]]>([
  ["narrows from everything", [], "a", ["a", "reactor_heartbeat"]],
  ["adds to what is heard", ["a", "reactor_heartbeat"], ["b"], ["a", "reactor_heartbeat", "b"]],
  ["takes a list with commas", [], " a, b ,", ["a", "b", "reactor_heartbeat"]],
  ["takes each once", ["a"], ["a", "a"], ["a", "reactor_heartbeat"]],
  ["lets the heartbeat pass, also where it was not heard before", ["a"], "b", ["a", "b", "reactor_heartbeat"]],
])("[W6] %s", (_what, heard, names, widened) => {
  expect(mergePatterns(heard, names)).toEqual(widened);
});

it("[W6] changes nothing where there are no names", () => {
  const heard = ["a"];
  expect(mergePatterns(heard, "")).toBe(heard);
  expect(mergePatterns(heard, [])).toBe(heard);
});
