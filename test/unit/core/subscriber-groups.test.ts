import { expect, it } from "vitest";
import type { Subscriber } from "../../../src/core/fanout/subscriber.ts";
import { SubscriberGroups } from "../../../src/core/fanout/subscriber-groups.ts";
import { subscriberOf } from "../../support/reader.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";

it("puts subscribers of equal dialect, subscription and rights into one group", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const add = (part: Partial<Subscriber>) => subscriberGroups.seat(new RecordingSocket(), subscriberOf(part), 0);
  for (const part of [{}, {}, { dialect: "legacy" }, { asked: ["a"] }, { asked: ["a"] }, { allowed: ["a"] }] as const)
    add(part);
  expect([...subscriberGroups.groups].map(({ sockets }) => sockets.size)).toEqual([2, 1, 2, 1]);
  expect(subscriberGroups.size).toBe(6);
});

it("[F4] keeps a group's sentSeq at what all of it was sent", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  subscriberGroups.seat(new RecordingSocket(), subscriberOf({ sentSeq: 7 }), 9);
  subscriberGroups.seat(new RecordingSocket(), subscriberOf({ sentSeq: 3 }), 9);
  subscriberGroups.seat(new RecordingSocket(), subscriberOf({ sentSeq: 9 }), 9);
  expect([...subscriberGroups.groups].map(({ sentSeq }) => sentSeq)).toEqual([3]);
});

it("[S6] removes a subscriber, with its group if it was the last, also when called twice", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const [a, b] = [new RecordingSocket(), new RecordingSocket()];
  subscriberGroups.seat(a, subscriberOf(), 0);
  subscriberGroups.seat(b, subscriberOf(), 0);
  subscriberGroups.remove(a);
  subscriberGroups.remove(a);
  expect([subscriberGroups.size, [...subscriberGroups.groups].length]).toEqual([1, 1]);
  expect(subscriberGroups.subscriberOf(a)).toBeUndefined();
  expect(subscriberGroups.subscriberOf(b)).toEqual(subscriberOf());
  subscriberGroups.remove(b);
  expect([subscriberGroups.size, [...subscriberGroups.groups].length]).toEqual([0, 0]);
});

it("[P5] keeps a subscriber that catches up out of every group, until it is live", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const socket = new RecordingSocket();
  subscriberGroups.seat(socket, subscriberOf({ catchUp: { window: 32_000, unacked: [] } }), 0);
  expect([subscriberGroups.size, [...subscriberGroups.groups].length]).toEqual([1, 0]);
  subscriberGroups.seat(socket, subscriberOf({ sentSeq: 7 }), 7);
  expect([subscriberGroups.size, [...subscriberGroups.groups].map(({ sentSeq }) => sentSeq)]).toEqual([1, [7]]);
  subscriberGroups.seat(socket, subscriberOf({ catchUp: { window: 32_000, unacked: [] } }), 0);
  expect([subscriberGroups.size, [...subscriberGroups.groups].length]).toEqual([1, 0]);
});

it("[F6] moves a subscriber that changes into another group", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const socket = new RecordingSocket();
  subscriberGroups.seat(socket, subscriberOf(), 0);
  subscriberGroups.seat(socket, subscriberOf({ asked: ["a"], sentSeq: 3 }), 3);
  expect([...subscriberGroups.groups].map(({ subscription, sentSeq }) => [subscription.asked, sentSeq])).toEqual([
    [["a"], 3],
  ]);
});

it("[F2] keeps subscribers at different positions apart, until they reach the same one", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const [a, b, c] = [new RecordingSocket(), new RecordingSocket(), new RecordingSocket()];
  subscriberGroups.seat(a, subscriberOf(), 0);
  subscriberGroups.seat(b, subscriberOf(), 0);
  subscriberGroups.seat(c, subscriberOf({ sentSeq: 5 }), 5);
  expect([...subscriberGroups.groups].map(({ sockets }) => [...sockets])).toEqual([[a, b], [c]]);
  const group = subscriberGroups.groupOf(a) ?? expect.fail();
  subscriberGroups.advance(group, 5, [b]);
  expect([...subscriberGroups.groups].map(({ sockets }) => [...sockets])).toEqual([[a], [c, b]]);
  subscriberGroups.advance(group, 5, [a]);
  expect([...subscriberGroups.groups].map(({ sockets, sentSeq }) => [sockets.size, sentSeq])).toEqual([[3, 5]]);
  expect([a, b, c].map((socket) => subscriberGroups.groupOf(socket))).toEqual(
    Array(3).fill(subscriberGroups.groupOf(c)),
  );
});

it("[F2] advances every group after a complete flush", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const [early, late] = [new RecordingSocket(), new RecordingSocket()];
  subscriberGroups.seat(early, subscriberOf(), 0);
  subscriberGroups.flushed(9);
  subscriberGroups.seat(late, subscriberOf({ sentSeq: 9 }), 9);
  expect(subscriberGroups.groupOf(early)).toBe(subscriberGroups.groupOf(late));
  expect(subscriberGroups.groupOf(late)).toMatchObject({ sentSeq: 0 });
});

it("[S1] caches the groups that receive a type, and keeps the cache right while subscribers come and go", () => {
  const subscriberGroups = new SubscriberGroups<RecordingSocket>();
  const [news, all] = [new RecordingSocket(), new RecordingSocket()];
  const heardBy = (type: string) =>
    [...subscriberGroups.matches.all(type)].flatMap(({ groups }) => [...groups].flatMap(({ sockets }) => [...sockets]));
  subscriberGroups.seat(news, subscriberOf({ asked: ["news_*"] }), 0);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[news], []]);
  subscriberGroups.seat(all, subscriberOf(), 0);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[news, all], [all]]);
  subscriberGroups.remove(news);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[all], [all]]);
  for (let n = 0; n < 1_001; n++) subscriberGroups.matches.all(`id_${n}`);
  expect(heardBy("news_a")).toEqual([all]);
});
