import { expect, it } from "vitest";
import { addEvent, EMPTY_FEED, type Feed } from "../../../../src/dashboard/feed/feed.ts";

function event(seq: number) {
  return { type: `type_${seq}`, data: {}, source: "system", timestamp: "", id: `k3x9.${seq}`, seq };
}

function feedOf(count: number): Feed {
  return Array.from({ length: count }, (_, n) => event(n + 1)).reduce(addEvent, EMPTY_FEED);
}

it("[H15] shows events of every type as they come, the newest first", () => {
  const { received, newest } = feedOf(3);
  expect(received).toBe(3);
  expect(newest.map(({ nth, event: { type } }) => [nth, type])).toEqual([
    [3, "type_3"],
    [2, "type_2"],
    [1, "type_1"],
  ]);
});

it("counts all events, and remembers the newest 100", () => {
  expect(feedOf(100).newest.at(-1)?.event.seq).toBe(1);
  const { received, newest } = feedOf(101);
  expect(received).toBe(101);
  expect(newest.map(({ event: { seq } }) => seq)).toEqual(Array.from({ length: 100 }, (_, n) => 101 - n));
});

it("does not change earlier values", () => {
  const before = feedOf(1);
  addEvent(before, event(2));
  expect(before).toEqual(feedOf(1));
});
