import { describe, expect, it } from "vitest";
import { draftOf } from "../doubles/drafts.ts";
import { AT, HubInMemory } from "../doubles/hub-in-memory.ts";
import { count, seqsOf, typesOf } from "../doubles/what-was-sent.ts";

/** A hub whose log has `events` events of about 10 kB, six to a page. */
function hubWith(events: number): HubInMemory {
  const hub = new HubInMemory();
  for (let n = 0; n < events; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(10_000) })]);
  return hub;
}

describe.each([
  ["awake", () => {}],
  ["evicted in the middle", (hub: HubInMemory) => hub.evict()],
])("readers of a hub that is %s", (_how, pause) => {
  it("[C3] go on from the place that they bring, page by page, and are live at the head", () => {
    const hub = hubWith(20);
    const socket = hub.join({ cursor: { epoch: "abc", seq: 3 } });
    expect(socket.frames()[0].data).toMatchObject({ cursor: "abc.3", recovered: true });
    expect(seqsOf(socket)).toEqual(count(4, 9));
    pause(hub);
    hub.emit(); // while it catches up: stands in the log, and comes in its turn
    expect(seqsOf(socket)).toEqual(count(4, 9));
    pause(hub);
    hub.ack(socket, "abc.9");
    pause(hub);
    hub.ack(socket, "abc.21");
    expect(seqsOf(socket)).toEqual(count(4, 21));
    pause(hub);
    hub.emit();
    expect(seqsOf(socket)).toEqual(count(4, 22));
  });

  it("[F9] hear a new subscription from the place on that the answer names", () => {
    const hub = new HubInMemory();
    const socket = hub.join({ asked: ["a"] });
    hub.emit(1, "a");
    hub.emit(1, "b");
    pause(hub);
    hub.say(socket, { type: "subscribe", data: { events: ["b"] } });
    expect(socket.frames().at(-1)).toEqual({
      type: "reactor_subscribed",
      data: { events: ["b"], message: "Subscribed to b", cursor: "abc.2" },
    });
    pause(hub);
    hub.emit(1, "a");
    hub.emit(1, "b");
    expect(seqsOf(socket)).toEqual([1, 4]);
    expect(socket.frames().at(-1).after).toBe(2);
  });

  it("[F9] hear a new subscription behind the last page, when they catch up", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 20; n++) {
      hub.emit([draftOf({ type: n % 2 === 0 ? "a" : "b", data: "x".repeat(10_000) })]);
    }
    const socket = hub.join({ asked: ["a"], cursor: { epoch: "0", seq: 0 } });
    expect(seqsOf(socket)).toEqual([1, 3, 5, 7, 9, 11]);
    pause(hub);
    hub.say(socket, { type: "subscribe", data: { events: ["b"] } });
    expect(socket.frames().at(-1).data).toMatchObject({ events: ["b"], cursor: "abc.12" });
    pause(hub);
    hub.ack(socket, "abc.12");
    expect(seqsOf(socket)).toEqual([1, 3, 5, 7, 9, 11, 14, 16, 18, 20]);
  });

  it("[O4] narrow and add in the old dialect, and hear the heartbeat all the same", () => {
    const hub = new HubInMemory();
    const socket = hub.join({ dialect: "old" });
    hub.say(socket, "subscribe: a , c");
    pause(hub);
    hub.say(socket, { type: "subscribe", data: "b", timestamp: "x" });
    pause(hub);
    for (const type of ["a", "b", "d"]) hub.emit(1, type);
    hub.broker.beat();
    expect(typesOf(socket)).toEqual([
      "reactor_connected",
      "reactor_subscribed",
      "reactor_subscribed",
      "a",
      "b",
      "reactor_heartbeat",
    ]);
    expect(socket.frames()[2].data).toMatchObject({ events: ["a", "b", "c"], message: "Subscribed to a, b, c" });
  });

  it("[S4] [F4] are told from where they were, at most once from further back", () => {
    const hub = new HubInMemory();
    hub.emit(2);
    const socket = hub.join({ asked: ["news_*"] });
    hub.emit(2);
    pause(hub);
    hub.emit();
    hub.emit();
    const [, first, second, third] = socket.frames();
    expect([first.after, second.cursor, third.after, third.cursor]).toEqual([2, "abc.5", 5, "abc.6"]);
    expect(second.after).toBeLessThanOrEqual(4);
  });
});

it("[C3] gives a reader that saw the channel before its birth everything from the first event on", () => {
  const hub = new HubInMemory();
  hub.emit(3);
  const socket = hub.join({ cursor: { epoch: "0", seq: 0 } });
  expect(socket.frames()[0].data).toMatchObject({ cursor: "0.0", recovered: true });
  expect(seqsOf(socket)).toEqual([1, 2, 3]);
});

it("[C4] [F1] says first in the welcome, then by a reset, that a reader does not go on where it asked to", () => {
  const hub = hubWith(10);
  hub.log.trim({ maxEvents: 4, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const trimmed = hub.join({ cursor: { epoch: "abc", seq: 2 } });
  expect(trimmed.frames().slice(0, 2)).toMatchObject([
    { type: "reactor_connected", data: { cursor: "abc.6", recovered: false } },
    { type: "reactor_reset", data: { reason: "trimmed", oldest: "abc.7", cursor: "abc.6" } },
  ]);
  expect(seqsOf(trimmed)).toEqual([7, 8, 9, 10]);
  const foreign = hub.join({ cursor: { epoch: "xyz", seq: 2 } });
  expect(foreign.frames()).toMatchObject([
    { type: "reactor_connected", data: { cursor: "abc.10", recovered: false } },
    { type: "reactor_reset", data: { reason: "epoch", oldest: "abc.7", cursor: "abc.10" } },
  ]);
  hub.emit();
  expect(seqsOf(foreign)).toEqual([11]);
});

it("[C3] [F8] never resets a quiet reader that missed nothing it hears, though the log has gone on and let go", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["digest_*"] });
  for (let n = 0; n < 30; n++) hub.emit(100);
  const place = socket.frames().at(-1).cursor;
  hub.leave(socket);
  hub.log.trim({ maxEvents: 1_000, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const [epoch, seq] = place.split(".");
  const back = hub.join({ asked: ["digest_*"], cursor: { epoch, seq: Number(seq) } });
  expect(back.frames()[0].data.recovered).toBe(true);
  expect(typesOf(back)).not.toContain("reactor_reset");
});

it("[P4] closes a socket that acknowledges what it was never sent, and takes what was acknowledged before", () => {
  const hub = hubWith(20);
  const catching = hub.join({ cursor: { epoch: "abc", seq: 0 } });
  hub.ack(catching, "abc.3");
  expect([catching.closed, seqsOf(catching)]).toEqual([undefined, count(1, 6)]);
  hub.ack(catching, "abc.7");
  expect(catching.closed?.code).toBe(4500);
  const live = hub.join();
  hub.ack(live, "abc.20");
  expect(live.closed).toBeUndefined();
  hub.ack(live, "abc.21");
  expect(live.closed?.code).toBe(4500);
  const foreign = hub.join();
  hub.ack(foreign, "xyz.1");
  expect(foreign.closed?.code).toBe(4408); // it is honest, of a history that has ended: it comes back
});

it("[P3] pulls nothing while pages still wait in the socket, until the last of them is acknowledged", () => {
  const hub = hubWith(40);
  const socket = hub.join({ cursor: { epoch: "abc", seq: 0 } });
  hub.ack(socket, "abc.6");
  expect(seqsOf(socket)).toEqual(count(1, 18));
  socket.bufferedAmount = 1;
  hub.ack(socket, "abc.12");
  expect(seqsOf(socket)).toEqual(count(1, 18));
  hub.ack(socket, "abc.18");
  expect(seqsOf(socket).length).toBeGreaterThan(18);
});

it("[O5] closes an old page after 256 KiB of replay, and lets it come back for the rest", () => {
  const hub = hubWith(30);
  const first = hub.join({ dialect: "old", cursor: { epoch: "abc", seq: 0 } });
  expect(first.closed?.code).toBe(4408);
  expect(hub.broker.readers.count).toBe(0);
  const reached = Number(first.frames().at(-1).cursor.split(".")[1]);
  const second = hub.join({ dialect: "old", cursor: { epoch: "abc", seq: reached } });
  expect(second.closed).toBeUndefined();
  expect([...first.frames(), ...second.frames()].flatMap(({ seq }) => seq ?? [])).toEqual(count(1, 30));
  hub.emit();
  expect(second.frames().at(-1).seq).toBe(31);
});

it("[O5] [O6] gives an old page that hears nothing the place that it has reached, before it lets it go", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 12; n++) hub.emit(1_000);
  const first = hub.join({ dialect: "old", asked: ["nothing"], cursor: { epoch: "abc", seq: 0 } });
  expect(first.closed?.code).toBe(4408);
  expect(first.frames().at(-1)).toMatchObject({ type: "reactor_heartbeat", cursor: "abc.10000" });
  const second = hub.join({ dialect: "old", asked: ["nothing"], cursor: { epoch: "abc", seq: 10_000 } });
  expect(second.closed).toBeUndefined();
  hub.broker.beat();
  expect(second.frames().at(-1)).toMatchObject({ type: "reactor_heartbeat", cursor: "abc.12000" });
});

it("[L1] [F2] tells with the next event, or before anything else, what was appended and never told", () => {
  const hub = new HubInMemory();
  const [all, some, old] = [hub.join(), hub.join({ asked: ["b"] }), hub.join({ dialect: "old" })];
  const lose = (type: string) => {
    const { broadcast } = hub.broker.readers;
    const appended = broadcast.appended;
    broadcast.appended = () => {
      throw new Error("broken just now");
    };
    hub.emit(1, type);
    broadcast.appended = appended;
  };
  lose("a");
  hub.emit(1, "b");
  lose("a");
  lose("b");
  hub.broker.beat();
  lose("b");
  hub.say(some, { type: "subscribe", data: { events: ["c"] } });
  hub.emit(1, "c");
  expect(seqsOf(all).filter(Boolean)).toEqual(count(1, 6));
  expect(seqsOf(some).filter(Boolean)).toEqual([2, 4, 5, 6]);
  expect(old.frames().flatMap(({ seq }) => seq ?? [])).toEqual(count(1, 6));
  expect(hub.reports).toHaveLength(4);
});

it("[C3] [F8] tells who hears little where the log stands before it lets go of what they do not know of", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(1, "rare");
  hub.emit(400, "frequent");
  hub.broker.readers.broadcast.progress(300);
  expect(socket.frames().at(-1)).toEqual({ type: "reactor_events", after: 1, cursor: "abc.401", events: [] });
  hub.broker.readers.broadcast.progress(300);
  expect(socket.frames()).toHaveLength(3);
});

it("[F8] tells nobody again after a sleep what all were told before", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(5, "frequent");
  hub.broker.beat();
  const before = socket.sent.length;
  const [reader] = hub.attachments.values();
  const woken = new HubInMemory(hub.log);
  woken.broker.readers.restore(socket, reader ?? expect.fail(), 5);
  woken.broker.beat();
  expect(socket.sent).toHaveLength(before);
});

describe.each([
  ["awake", () => {}],
  ["evicted in the middle", (hub: HubInMemory) => hub.evict()],
])("slow readers of a hub that is %s", (_how, pause) => {
  it("[P7] are sent no more events as they come, but pages, and lose nothing", () => {
    const hub = new HubInMemory();
    const [slow, fast] = [hub.join(), hub.join()];
    hub.emit(2);
    slow.bufferedAmount = 131_073;
    hub.emit(3);
    expect(slow.frames().at(-1)).toEqual({
      type: "reactor_events",
      after: 2,
      cursor: "abc.2",
      events: [],
      more: true,
    });
    pause(hub);
    hub.emit(4);
    expect([seqsOf(slow), seqsOf(fast)]).toEqual([count(1, 2), count(1, 9)]);
    pause(hub);
    slow.bufferedAmount = 0;
    hub.ack(slow, "abc.2");
    expect(seqsOf(slow)).toEqual(count(1, 9));
    pause(hub);
    hub.emit(1);
    expect([seqsOf(slow), seqsOf(fast)]).toEqual([count(1, 10), count(1, 10)]);
  });
});

it("[P7] sends on to a reader on which no more waits than the cap", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  socket.bufferedAmount = 131_072;
  hub.emit(1);
  expect(seqsOf(socket)).toEqual([1]);
});

it("[P7] sends a slow reader no heartbeat and no progress either", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(1);
  socket.bufferedAmount = 200_000;
  hub.broker.beat();
  expect(socket.frames().slice(1)).toMatchObject([{ after: 0, cursor: "abc.1", events: [], more: true }]);
});

it("[P7] closes an old page that is slow, and all that are, though each that goes is news for the others", () => {
  const hub = new HubInMemory(undefined, { announces: true });
  const slow = [hub.join({ dialect: "old" }), hub.join(), hub.join({ dialect: "old" })];
  const fast = hub.join();
  hub.emit(1);
  for (const socket of slow) socket.bufferedAmount = 200_000;
  hub.emit(1);
  expect(slow.map(({ closed }) => closed?.code)).toEqual([4408, undefined, 4408]);
  const events = fast.frames().flatMap(({ events = [] }) => events);
  const gone = events.filter(({ type }: { type: string }) => type === "websocket_disconnected");
  expect([gone.length, seqsOf(fast).filter(Boolean)]).toEqual([2, [1, 2]]);
  const [, v1] = slow;
  if (v1) v1.bufferedAmount = 0;
  hub.ack(v1 ?? expect.fail(), "abc.1");
  expect(seqsOf(v1 ?? expect.fail()).filter(Boolean)).toEqual([1, 2]);
});

it("[A4] closes ghosts, forgets them, and says that they have gone; nothing that they were sent keeps them", () => {
  const hub = new HubInMemory();
  const gone: unknown[] = [];
  hub.broker.reactor.on("websocket_disconnected", ({ client_id }) => void gone.push(client_id));
  const [silent, pings, talks, takes] = ["silent", "pings", "talks", "takes"].map((clientId) => hub.join({ clientId }));
  if (!silent || !pings || !talks || !takes) return expect.fail();
  takes.bufferedAmount = 500;
  const reap = () => {
    hub.pings.set(pings, hub.at.ms);
    hub.broker.care.reapGhosts(hub.at.ms);
  };
  reap();
  hub.pass(60_000);
  hub.emit(1);
  hub.say(talks, "hello?");
  hub.evict();
  hub.broker.reactor.on("websocket_disconnected", ({ client_id }) => void gone.push(client_id));
  reap();
  takes.bufferedAmount = 400;
  hub.pass(31_000);
  reap();
  expect([silent, pings, talks, takes].map(({ closed }) => closed?.code)).toEqual([
    4408,
    undefined,
    undefined,
    undefined,
  ]);
  expect([gone, hub.broker.readers.count]).toEqual([["silent"], 3]);
});

it("[F4] is told on from where it was, whatever it says meanwhile", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.emit(3);
  hub.say(socket, "hello?");
  hub.emit(1);
  expect(socket.frames().at(-1)).toMatchObject({ after: 3, cursor: "abc.4" });
});

it("[O5] tells an old page of a reset in the frame of v1", () => {
  const socket = hubWith(3).join({ dialect: "old", cursor: { epoch: "xyz", seq: 1 } });
  expect(typesOf(socket)).toEqual(["reactor_connected", "reactor_reset"]);
});

it("[A2] beats for who is live, with an event that has no place", () => {
  const hub = hubWith(20);
  const [live, catching] = [hub.join(), hub.join({ cursor: { epoch: "abc", seq: 0 } })];
  hub.broker.beat();
  expect(live.frames()[1]).toEqual({
    type: "reactor_events",
    after: 20,
    cursor: "abc.20",
    events: [
      {
        type: "reactor_heartbeat",
        data: { connected_clients: 2, events_emitted: 20 },
        source: "system",
        timestamp: AT.iso,
        id: "reactor_heartbeat.1000",
      },
    ],
  });
  expect(seqsOf(catching)).toEqual(count(1, 6));
  expect(hub.log.cursor.seq).toBe(20);
});

it("[P9] holds back where 32 MiB wait on all together, lets those catch up who take nothing, and goes on for the others", () => {
  const hub = new HubInMemory();
  const stalled = Array.from({ length: 300 }, () => Object.assign(hub.join(), { readsNothing: true }));
  const healthy = Array.from({ length: 100 }, () => Object.assign(hub.join(), { readsNothing: true }));
  const waits = () => [...stalled, ...healthy].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  const data = "x".repeat(60_000);
  let most = 0;
  for (let n = 0; n < 100; n++) {
    hub.emit([draftOf({ type: "a", data })]);
    for (let ms = 0; ms < 60; ms += 10) {
      most = Math.max(most, waits());
      hub.pass(10);
      for (const socket of healthy) socket.bufferedAmount = Math.floor(socket.bufferedAmount / 2);
    }
  }
  expect(most).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(hub.broker.readers.catchingUp).toBe(300);
  for (const socket of healthy) {
    expect(socket.closed).toBeUndefined();
    expect(socket.frames().some(({ more }) => more)).toBe(false);
  }
  for (const socket of healthy) socket.bufferedAmount = 0;
  hub.pass(1_000);
  expect(seqsOf(healthy[0] ?? expect.fail()).filter(Boolean)).toEqual(count(1, 100));
});
