// What counts as nothing left behind.
import { expect, it } from "vitest";
import { hasReturned, MAX_GROWTH } from "../../../tools/soak/soak-verdict.ts";

const fine = {
  left: { connected_clients: 0, ws_catching_up: 0 },
  before: { heapBytes: 2_000_000, residentBytes: 100_000_000 },
  after: { heapBytes: 2_100_000, residentBytes: 101_000_000 },
};

it("takes a heap that stays within its play, also where nobody knows what is resident", () => {
  expect(hasReturned(fine)).toBe(true);
  const [before, after] = [fine.before, fine.after].map((memory) => ({ ...memory, residentBytes: null }));
  expect(before && after && hasReturned({ ...fine, before, after })).toBe(true);
});

it.each([
  ["is still counted", { left: { connected_clients: 1, ws_catching_up: 0 } }],
  ["still catches up", { left: { connected_clients: 0, ws_catching_up: 1 } }],
  ["is on the heap", { after: { ...fine.after, heapBytes: fine.before.heapBytes * MAX_GROWTH + 1 } }],
  ["is resident", { after: { ...fine.after, residentBytes: fine.before.residentBytes * MAX_GROWTH + 1 } }],
])("finds what stays behind: something %s", (_, part) => {
  expect(hasReturned({ ...fine, ...part })).toBe(false);
});
