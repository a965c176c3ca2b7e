// When a soak counts as clean.
import { expect, it } from "vitest";
import { isClean, MAX_GROWTH } from "../../../tools/soak/soak-verdict.ts";

const fine = {
  left: { connected_clients: 0, ws_catching_up: 0 },
  before: { heapBytes: 2_000_000, residentBytes: 100_000_000 },
  after: { heapBytes: 2_100_000, residentBytes: 101_000_000 },
};

it("accepts a heap that stays within the limit, also without known resident memory", () => {
  expect(isClean(fine)).toBe(true);
  const [before, after] = [fine.before, fine.after].map((memory) => ({ ...memory, residentBytes: null }));
  expect(before && after && isClean({ ...fine, before, after })).toBe(true);
});

it.each([
  ["one is still counted", { left: { connected_clients: 1, ws_catching_up: 0 } }],
  ["one is still catching up", { left: { connected_clients: 0, ws_catching_up: 1 } }],
  ["the heap", { after: { ...fine.after, heapBytes: fine.before.heapBytes * MAX_GROWTH + 1 } }],
  ["resident memory", { after: { ...fine.after, residentBytes: fine.before.residentBytes * MAX_GROWTH + 1 } }],
])("fails on a client or memory that stays behind: %s", (_, part) => {
  expect(isClean({ ...fine, ...part })).toBe(false);
});
