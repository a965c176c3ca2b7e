import { expect, it } from "vitest";
import type { Rights } from "../../../src/core/access/rights.ts";
import { err, ok } from "../../../src/wire/problem.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";

const ADA: Rights = { sub: "ada", hear: null, emit: [], expiresMs: null };
const auth = (token: string, ref?: unknown) => ({ type: "auth", ref, data: { token } });
const subscribe = { type: "subscribe", data: { events: ["a"] } };
const typesOf = (socket: RecordingSocket) => socket.frames().map(({ type }) => type);

function hubWith(tokens: Record<string, Partial<Rights>>, pauseMs = 0) {
  const hub = new HubInMemory(undefined, { costOf: () => pauseMs });
  for (const [token, rights] of Object.entries(tokens)) hub.tokens.set(token, ok({ ...ADA, ...rights }));
  return hub;
}

it("[T16] accepts a fresh token without losing an event or the position", async () => {
  const hub = hubWith({ fresh: { expiresMs: 900_000 } });
  const socket = hub.join({ sub: "ada", expiresMs: 50_000, asked: ["a"] });
  hub.emit(1, "a");
  hub.send(socket, auth("fresh"));
  hub.emit(1, "a");
  await settled();
  hub.emit(1, "a");
  expect(socket.frames().slice(1)).toMatchObject([
    { cursor: "abc.1" },
    { after: 1, cursor: "abc.2" },
    { after: 2, cursor: "abc.3" },
  ]);
  expect(hub.broker.subscribers.subscriberOf(socket)).toMatchObject({ expiresMs: 900_000, warnMs: 840_000 });
  expect(hub.attachments.get(socket)).toMatchObject({ expiresMs: 900_000 });
});

it("[T16] applies narrowed rights at once, also to unsent events, and widened ones from the head on", async () => {
  const hub = hubWith({ narrow: { hear: ["a"] }, wide: { hear: null } }, 40);
  const socket = hub.join({ sub: "ada", allowed: ["a", "b"] });
  hub.emit(1, "b"); // at once; later events are batched
  hub.emit(1, "a");
  hub.emit(1, "b");
  hub.send(socket, auth("narrow"));
  await settled();
  hub.emit(1, "b");
  hub.send(socket, auth("wide"));
  await settled();
  hub.emit(1, "c");
  hub.pass(100);
  const received = socket.frames().flatMap(({ events }) => events ?? []);
  expect(received.map(({ seq }) => seq)).toEqual([1, 2, 5]);
});

it("[T16] delays messages of a socket while its token is being checked, and answers them under the new rights", async () => {
  const hub = hubWith({ fresh: { emit: ["a"] } });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh"));
  hub.send(socket, { type: "emit", ref: 1, data: { type: "a" } });
  hub.send(socket, subscribe);
  expect(socket.frames()).toHaveLength(1);
  await settled();
  expect(typesOf(socket).slice(1)).toEqual(["reactor_events", "reactor_subscribed", "reactor_emitted"]);
});

it("[T16] checks one token after the other", async () => {
  const hub = hubWith({ one: { emit: ["a"] }, two: { emit: ["b"] } });
  const socket = hub.join({ sub: "ada" });
  for (const message of [
    auth("one"),
    { type: "emit", ref: 1, data: { type: "a" } },
    auth("two"),
    { type: "emit", ref: 2, data: { type: "a" } },
  ]) {
    hub.send(socket, message);
  }
  await settled();
  const answers = socket.frames().filter(({ type }) => type !== "reactor_events");
  expect(answers.slice(1)).toMatchObject([
    { type: "reactor_emitted", data: { ref: 1 } },
    { data: { code: "forbidden", ref: 2 } },
  ]);
});

it("[T16] closes a socket that sends more than 16 messages meanwhile", async () => {
  const hub = hubWith({ fresh: {} });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh"));
  for (let n = 0; n < 17; n++) hub.send(socket, subscribe);
  expect(socket.closed?.code).toBe(4429);
  await settled();
  expect(socket.frames().slice(1)).toMatchObject([{ data: { code: "rate_limited", close: 4429 } }]);
});

it.each([
  ["the same", ["a"]],
  ["narrower", ["a"]],
  ["wider", null],
] as const)(
  "[T16] [F4] [R1] brings a filtered subscriber to the head in a frame before %s rights apply: it sees no gap",
  async (_, hear) => {
    const hub = hubWith({ fresh: { hear } });
    hub.emit(1, "a");
    const socket = hub.join({ sub: "ada", allowed: ["a", "x"] });
    hub.emit(5, "b");
    hub.send(socket, auth("fresh"));
    await settled();
    hub.emit(1, "a");
    expect(socket.frames().slice(1)).toMatchObject([
      { type: "reactor_events", after: 1, cursor: "abc.6", events: [] },
      { type: "reactor_events", after: 6, cursor: "abc.7", events: [{ seq: 7 }] },
    ]);
  },
);

it("[T16] [F4] sends no frame for a fresh token if the subscriber is at the head", async () => {
  const hub = hubWith({ fresh: {} });
  const socket = hub.join({ sub: "ada" });
  hub.emit(1, "a");
  hub.send(socket, auth("fresh"));
  await settled();
  expect(typesOf(socket)).toEqual(["reactor_connected", "reactor_events"]);
});

it("[T16] delays at most 64 KiB meanwhile", () => {
  const hub = hubWith({ fresh: {} });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh"));
  for (let n = 0; n < 2; n++) hub.send(socket, `{"type":"dance","data":"${"x".repeat(40_000)}"}`);
  expect(socket.closed?.code).toBe(4429);
});

it.each([
  ["an invalid token", "wrong", {}, 4401],
  ["another user's", "bob", { sub: "bob" }, 4401],
] as const)("[T16] closes a socket that shows %s", async (_, token, rights, code) => {
  const hub = hubWith({ bob: rights });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth(token));
  await settled();
  expect(socket.closed?.code).toBe(code);
});

it("[T16] keeps a socket as it is if its token cannot be checked at the moment, and answers so", async () => {
  const hub = hubWith({});
  hub.tokens.set("fresh", { ok: false, problem: { code: "keys_unavailable", detail: "Later." } });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh", 7));
  await settled();
  expect(socket.frames().at(-1)).toMatchObject({ type: "reactor_error", data: { code: "keys_unavailable", ref: 7 } });
  expect(socket.closed).toBeUndefined();
});

it("[T16] closes a socket whose fresh token is for another channel", async () => {
  const hub = hubWith({});
  hub.tokens.set("elsewhere", err("forbidden", "This token is not valid for this channel."));
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("elsewhere"));
  await settled();
  expect(socket.closed?.code).toBe(4503);
});

it("[T16] delays exactly 16 messages, and answers them", async () => {
  const hub = hubWith({ fresh: {} });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh"));
  for (let n = 0; n < 16; n++) hub.send(socket, subscribe);
  await settled();
  expect([socket.closed, typesOf(socket).length]).toEqual([undefined, 17]);
});

it("[T16] sets the alarm for the expiry of a token that was presented on an open socket", async () => {
  const hub = hubWith({ short: { expiresMs: 21_000 } });
  const socket = hub.join({ sub: "ada" });
  await settled();
  const before = hub.alarmMs;
  hub.send(socket, auth("short"));
  await settled();
  await settled();
  expect(before).toBeGreaterThan(21_000);
  expect(hub.alarmMs).toBe(11_000); // the warning, after half of the remaining time
});

it("[T16] discards a check whose socket has closed", async () => {
  const hub = hubWith({ fresh: {} });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, auth("fresh"));
  hub.leave(socket);
  await settled();
  expect([socket.frames().length, hub.broker.subscribers.count]).toEqual([1, 0]);
});
