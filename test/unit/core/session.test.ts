import { expect, it } from "vitest";
import { AT, HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { seqsOf, typesOf } from "../../support/what-was-sent.ts";

it("[F1] welcomes a subscriber without a cursor at the head", () => {
  const hub = new HubInMemory();
  hub.emit(3);
  expect(hub.join().frames()).toEqual([
    {
      type: "reactor_connected",
      data: {
        message: "Connected to PulseAI Reactor",
        client_id: "c1",
        timestamp: AT.iso,
        channel: "main",
        cursor: "abc.3",
        recovered: null,
        heartbeat_ms: 25_000,
        retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
        ack: null,
      },
    },
  ]);
});

it("[O1] [C2] welcomes a legacy page in its dialect, at 0.0 before the first event", () => {
  expect(new HubInMemory().join({ dialect: "legacy" }).frames()).toEqual([
    {
      type: "reactor_connected",
      data: {
        message: "Connected to PulseAI Reactor",
        client_id: "c1",
        timestamp: AT.ms / 1_000,
        channel: "main",
        cursor: "0.0",
        recovered: null,
        heartbeat_ms: 25_000,
      },
    },
  ]);
});

it("[F9] names the message that it refuses, if it has a ref", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.send(socket, { type: "shout", ref: 7 });
  expect(socket.frames()[1].data).toMatchObject({ code: "unknown_message", ref: 7 });
});

it("[P10] stops answering on a socket with megabytes in its send buffer", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  socket.bufferedAmount = 4_194_305;
  hub.send(socket, "hello?");
  expect(socket.closed?.code).toBe(4408);
  expect(socket.frames().slice(1)).toMatchObject([{ type: "reactor_error", data: { code: "too_slow", close: 4408 } }]);
});

it("[S8] refuses a subscription that is invalid, or too large for an attachment, and keeps the old one", () => {
  const hub = new HubInMemory();
  const v1 = hub.join({ asked: ["news_*"] });
  const old = hub.join({ dialect: "legacy", asked: ["news_*"] });
  hub.send(v1, { type: "subscribe", data: { events: ["a,b"] } });
  hub.send(v1, { type: "subscribe", data: { events: Array.from({ length: 64 }, (_, n) => `${n}`.padEnd(128, "x")) } });
  hub.send(v1, { type: "subscribe", data: { events: Array.from({ length: 40 }, (_, n) => `${n}${"日".repeat(80)}`) } });
  hub.send(old, "subscribe:a\tb");
  expect(v1.frames().slice(1)).toMatchObject([
    { type: "reactor_error", data: { code: "bad_pattern", ref: null } },
    { type: "reactor_error", data: { code: "bad_pattern", ref: null } },
    { type: "reactor_error", data: { code: "bad_pattern", ref: null } },
  ]);
  expect(old.frames()[1]).toMatchObject({ type: "reactor_error", data: { code: "bad_pattern" } });
  hub.emit(1, "digest_created");
  hub.emit();
  expect(seqsOf(v1)).toEqual([2]);
});

it("[S3] [S8] [O4] takes the types of other systems as patterns, in both dialects", () => {
  const hub = new HubInMemory();
  const [v1, old] = [hub.join(), hub.join({ dialect: "legacy" })];
  hub.send(v1, { type: "subscribe", data: { events: ["Order *", "日本"] } });
  hub.send(old, "subscribe:Order Completed , https://example.org/ns#Create");
  for (const type of ["Order Completed", "order completed", "日本", "https://example.org/ns#Create"]) hub.emit(1, type);
  expect(seqsOf(v1)).toEqual([1, 3]);
  expect(old.frames().filter(({ seq }) => seq !== undefined)).toMatchObject([{ seq: 1 }, { seq: 4 }]);
});

it("[F9] [O3] answers an unknown text in the subscriber's dialect", () => {
  const hub = new HubInMemory();
  const [v1, old] = [hub.join(), hub.join({ dialect: "legacy" })];
  for (const socket of [v1, old]) hub.send(socket, "hello?");
  expect(v1.frames()[1]).toMatchObject({ type: "reactor_error", data: { code: "unknown_message", ref: null } });
  expect(old.frames()[1]).toEqual({ type: "echo", data: { message: "hello?" } });
});

it.each([
  ["binary", new ArrayBuffer(4)],
  ["more than 64 KiB", "é".repeat(32_769)],
])("[S5] closes a socket that sends %s, and no other", (_, message) => {
  const hub = new HubInMemory();
  const [bad, good] = [hub.join(), hub.join()];
  hub.broker.hear(bad, message);
  expect(bad.closed?.code).toBe(4500);
  hub.send(bad, "was already on its way");
  expect(hub.broker.subscribers.count).toBe(1);
  hub.send(good, "é".repeat(32_768));
  hub.emit();
  expect(good.closed).toBeUndefined();
  expect(typesOf(good)).toEqual(["reactor_connected", "reactor_error", "reactor_events"]);
});

it("[T13] [F6] receives no more than its rights allow after a `subscribe`, live and replayed", () => {
  const hub = new HubInMemory();
  const [live, behind] = [hub.join({ allowed: ["a"] }), hub.join({ allowed: ["a"] })];
  behind.bufferedAmount = 200_000;
  for (const type of ["a", "b"]) hub.emit(1, type); // at the second it is found to read nothing, and catches up
  behind.bufferedAmount = 0;
  for (const socket of [live, behind]) hub.send(socket, { type: "subscribe", data: { events: ["a", "b"] } });
  for (const type of ["b", "a"]) hub.emit(1, type);
  hub.ack(behind, "abc.0");
  const received = (socket: RecordingSocket) => socket.frames().flatMap(({ events }) => events ?? []);
  expect([live, behind].map((socket) => received(socket).map(({ type }) => type))).toEqual([
    ["a", "a"],
    ["a", "a"],
  ]);
});
