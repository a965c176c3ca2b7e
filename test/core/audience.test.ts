import { expect, it } from "vitest";
import { Audience, type Reader } from "../../src/core/audience.ts";
import { RecordingSocket } from "../doubles/recording-socket.ts";

const reader = (part: Partial<Reader> = {}): Reader => ({
  clientId: "c",
  dialect: "v1",
  asked: null,
  allowed: null,
  told: 0,
  catchUp: null,
  heardMs: 0,
  ...part,
});

it("puts readers of equal dialect, subscription and rights into one group", () => {
  const audience = new Audience<RecordingSocket>();
  const add = (part: Partial<Reader>) => audience.seat(new RecordingSocket(), reader(part));
  for (const part of [{}, {}, { dialect: "old" }, { asked: ["a"] }, { asked: ["a"] }, { allowed: ["a"] }] as const)
    add(part);
  expect([...audience.groups].map(({ sockets }) => sockets.size)).toEqual([2, 1, 2, 1]);
  expect(audience.size).toBe(6);
});

it("[F4] keeps a group at what all of it was told", () => {
  const audience = new Audience<RecordingSocket>();
  audience.seat(new RecordingSocket(), reader({ told: 7 }));
  audience.seat(new RecordingSocket(), reader({ told: 3 }));
  audience.seat(new RecordingSocket(), reader({ told: 9 }));
  expect([...audience.groups].map(({ told }) => told)).toEqual([3]);
});

it("[S6] forgets a reader, with its group when it was the last, and does not mind being told twice", () => {
  const audience = new Audience<RecordingSocket>();
  const [a, b] = [new RecordingSocket(), new RecordingSocket()];
  audience.seat(a, reader());
  audience.seat(b, reader());
  audience.remove(a);
  audience.remove(a);
  expect([audience.size, [...audience.groups].length]).toEqual([1, 1]);
  expect(audience.readerOf(a)).toBeUndefined();
  expect(audience.readerOf(b)).toEqual(reader());
  audience.remove(b);
  expect([audience.size, [...audience.groups].length]).toEqual([0, 0]);
});

it("[P5] keeps who catches up out of every group, until it is seated live", () => {
  const audience = new Audience<RecordingSocket>();
  const socket = new RecordingSocket();
  audience.seat(socket, reader({ catchUp: { window: 65_536, unacked: [] } }));
  expect([audience.size, [...audience.groups].length]).toEqual([1, 0]);
  audience.seat(socket, reader({ told: 7 }));
  expect([audience.size, [...audience.groups].map(({ told }) => told)]).toEqual([1, [7]]);
  audience.seat(socket, reader({ catchUp: { window: 65_536, unacked: [] } }));
  expect([audience.size, [...audience.groups].length]).toEqual([1, 0]);
});

it("[F9] moves a reader that is seated anew into another group", () => {
  const audience = new Audience<RecordingSocket>();
  const socket = new RecordingSocket();
  audience.seat(socket, reader());
  audience.seat(socket, reader({ asked: ["a"], told: 3 }));
  expect([...audience.groups].map(({ asked, told }) => [asked, told])).toEqual([[["a"], 3]]);
});
