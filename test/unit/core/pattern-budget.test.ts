import { expect, it } from "vitest";
import { PatternBudget } from "../../../src/core/fanout/pattern-budget.ts";
import { MAX_ALL_PATTERNS_BYTES } from "../../../src/wire/limits.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";

const own = (index: number) => Array.from({ length: 64 }, (_, n) => `${index}_${n}_`.padEnd(124, "x"));

/** A channel whose patterns are used up. */
function fullHub(): { hub: HubInMemory; sockets: RecordingSocket[] } {
  const hub = new HubInMemory(undefined, { limits: { socketsPerChannel: 30_000 } });
  const sockets: RecordingSocket[] = [];
  for (let index = 0; index < 2_000; index++) {
    const socket = hub.join({ asked: own(index) });
    if (socket.closed) return { hub, sockets };
    sockets.push(socket);
  }
  return expect.fail("2,000 sockets with 8 KiB of patterns each were let in");
}

it("[S14] refuses a socket whose patterns exceed what those of a channel may take, and no others", () => {
  const { hub, sockets } = fullHub();
  expect(sockets.length).toBeGreaterThan(500);
  const refused = hub.join({ asked: own(-1) });
  expect(refused.closed).toMatchObject({ code: 4429 });
  expect(refused.frames().at(-1)).toMatchObject({ type: "reactor_error", data: { code: "rate_limited", close: 4429 } });
  expect([hub.join().closed, hub.join({ asked: own(0) }).closed]).toEqual([undefined, undefined]); // none, and those of another socket
});

it("[S14] refuses a subscribe beyond it, and the socket keeps its patterns", () => {
  const { hub } = fullHub();
  const socket = hub.join({ asked: ["a"] });
  hub.send(socket, { type: "subscribe", data: { events: own(-1) } });
  expect(socket.frames().at(-1)).toMatchObject({ type: "reactor_error", data: { code: "rate_limited" } });
  expect(socket.closed).toBeUndefined();
  hub.emit(1, "a");
  hub.emit(1, own(-1)[0]);
  expect(socket.frames().at(-1).events).toMatchObject([{ type: "a" }]);
  hub.send(socket, { type: "subscribe", data: { events: [] } });
  expect(socket.frames().at(-1)).toMatchObject({ type: "reactor_subscribed" });
});

it("[S14] has room again once a socket has left, and counts the same after a wake", () => {
  const { hub, sockets } = fullHub();
  hub.evict();
  expect(hub.join({ asked: own(-1) }).closed).toMatchObject({ code: 4429 });
  hub.leave(sockets[0] ?? expect.fail());
  expect(hub.join({ asked: own(-2) }).closed).toBeUndefined();
});

it("[S14] closes a socket whose fresh token has patterns beyond it", async () => {
  const { hub } = fullHub();
  const rights = { sub: "ada", hear: own(-1), emit: [], expiresMs: null };
  hub.tokens.set("long", { ok: true, value: rights });
  const socket = hub.join({ sub: "ada" });
  hub.send(socket, { type: "auth", data: { token: "long" } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.closed).toMatchObject({ code: 4429 });
});

it("[S14] has room for 30,000 sockets with ten patterns that they share, or with four of their own", () => {
  const sockets = Array.from({ length: 30_000 }, () => ({}));
  const shared = new PatternBudget<object>();
  const apart = new PatternBudget<object>();
  for (const [index, socket] of sockets.entries()) {
    const asked = Array.from({ length: 10 }, (_, n) => `order_event_number_${n}`);
    expect(shared.hasRoomFor(socket, { asked, allowed: null })).toBe(true);
    shared.set(socket, { asked, allowed: null });
    const ofOwn = ["a", "b", "c", "d"].map((name) => `${name}_${index}`);
    expect(apart.hasRoomFor(socket, { asked: ofOwn, allowed: null })).toBe(true);
    apart.set(socket, { asked: ofOwn, allowed: null });
  }
  for (const socket of sockets) shared.delete(socket);
  for (const socket of sockets) apart.set(socket, { asked: null, allowed: null });
  expect([shared.bytes, apart.bytes]).toEqual([0, 0]);
});

it("[S14] always lets a socket have fewer patterns, or as many as before", () => {
  const budget = new PatternBudget<object>(1);
  const socket = {};
  budget.set(socket, { asked: ["a", "b"], allowed: null }); // after a wake, whatever it takes
  expect(budget.hasRoomFor(socket, { asked: ["a"], allowed: null })).toBe(true);
  expect(budget.hasRoomFor(socket, { asked: ["a", "b"], allowed: null })).toBe(true);
  expect(budget.hasRoomFor(socket, { asked: ["a", "b", "c"], allowed: null })).toBe(false);
  expect(MAX_ALL_PATTERNS_BYTES).toBe(33_554_432);
});
