import { expect, it } from "vitest";
import { Audience, type Reader } from "../../../src/core/fanout/subscriber-groups.ts";
import { readerOf } from "../../support/reader.ts";
import { RecordingSocket } from "../../support/recording-socket.ts";

it("puts readers of equal dialect, subscription and rights into one group", () => {
  const audience = new Audience<RecordingSocket>();
  const add = (part: Partial<Reader>) => audience.seat(new RecordingSocket(), readerOf(part), 0);
  for (const part of [{}, {}, { dialect: "old" }, { asked: ["a"] }, { asked: ["a"] }, { allowed: ["a"] }] as const)
    add(part);
  expect([...audience.groups].map(({ sockets }) => sockets.size)).toEqual([2, 1, 2, 1]);
  expect(audience.size).toBe(6);
});

it("[F4] keeps a group at what all of it was told", () => {
  const audience = new Audience<RecordingSocket>();
  audience.seat(new RecordingSocket(), readerOf({ told: 7 }), 9);
  audience.seat(new RecordingSocket(), readerOf({ told: 3 }), 9);
  audience.seat(new RecordingSocket(), readerOf({ told: 9 }), 9);
  expect([...audience.groups].map(({ told }) => told)).toEqual([3]);
});

it("[S6] forgets a reader, with its group when it was the last, and does not mind being told twice", () => {
  const audience = new Audience<RecordingSocket>();
  const [a, b] = [new RecordingSocket(), new RecordingSocket()];
  audience.seat(a, readerOf(), 0);
  audience.seat(b, readerOf(), 0);
  audience.remove(a);
  audience.remove(a);
  expect([audience.size, [...audience.groups].length]).toEqual([1, 1]);
  expect(audience.readerOf(a)).toBeUndefined();
  expect(audience.readerOf(b)).toEqual(readerOf());
  audience.remove(b);
  expect([audience.size, [...audience.groups].length]).toEqual([0, 0]);
});

it("[P5] keeps who catches up out of every group, until it is seated live", () => {
  const audience = new Audience<RecordingSocket>();
  const socket = new RecordingSocket();
  audience.seat(socket, readerOf({ catchUp: { window: 65_536, unacked: [] } }), 0);
  expect([audience.size, [...audience.groups].length]).toEqual([1, 0]);
  audience.seat(socket, readerOf({ told: 7 }), 7);
  expect([audience.size, [...audience.groups].map(({ told }) => told)]).toEqual([1, [7]]);
  audience.seat(socket, readerOf({ catchUp: { window: 65_536, unacked: [] } }), 0);
  expect([audience.size, [...audience.groups].length]).toEqual([1, 0]);
});

it("[F9] moves a reader that is seated anew into another group", () => {
  const audience = new Audience<RecordingSocket>();
  const socket = new RecordingSocket();
  audience.seat(socket, readerOf(), 0);
  audience.seat(socket, readerOf({ asked: ["a"], told: 3 }), 3);
  expect([...audience.groups].map(({ subscription, told }) => [subscription.asked, told])).toEqual([[["a"], 3]]);
});

it("[F2] keeps those apart who were served to different places, until they stand at one", () => {
  const audience = new Audience<RecordingSocket>();
  const [a, b, c] = [new RecordingSocket(), new RecordingSocket(), new RecordingSocket()];
  audience.seat(a, readerOf(), 0);
  audience.seat(b, readerOf(), 0);
  audience.seat(c, readerOf({ told: 5 }), 5);
  expect([...audience.groups].map(({ sockets }) => [...sockets])).toEqual([[a, b], [c]]);
  const group = audience.groupOf(a) ?? expect.fail();
  audience.advance(group, 5, [b]);
  expect([...audience.groups].map(({ sockets }) => [...sockets])).toEqual([[a], [c, b]]);
  audience.advance(group, 5, [a]);
  expect([...audience.groups].map(({ sockets, told }) => [sockets.size, told])).toEqual([[3, 5]]);
  expect([a, b, c].map((socket) => audience.groupOf(socket))).toEqual(Array(3).fill(audience.groupOf(c)));
});

it("[F2] counts everybody as served where everybody was", () => {
  const audience = new Audience<RecordingSocket>();
  const [early, late] = [new RecordingSocket(), new RecordingSocket()];
  audience.seat(early, readerOf(), 0);
  audience.servedTo = 9;
  audience.seat(late, readerOf({ told: 9 }), 9);
  expect(audience.groupOf(early)).toBe(audience.groupOf(late));
  expect(audience.groupOf(late)).toMatchObject({ told: 0 });
});

it("[S1] remembers who hears a type, and keeps that true while readers come and go", () => {
  const audience = new Audience<RecordingSocket>();
  const [news, all] = [new RecordingSocket(), new RecordingSocket()];
  const heardBy = (type: string) =>
    [...audience.hearing(type)].flatMap(({ groups }) => [...groups].flatMap(({ sockets }) => [...sockets]));
  audience.seat(news, readerOf({ asked: ["news_*"] }), 0);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[news], []]);
  audience.seat(all, readerOf(), 0);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[news, all], [all]]);
  audience.remove(news);
  expect([heardBy("news_a"), heardBy("b")]).toEqual([[all], [all]]);
  for (let n = 0; n < 1_001; n++) audience.hearing(`id_${n}`);
  expect(heardBy("news_a")).toEqual([all]);
});
