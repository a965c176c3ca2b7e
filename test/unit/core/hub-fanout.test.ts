import { describe, expect, it } from "vitest";
import { draftOf } from "../../support/drafts.ts";
import { AT, HubInMemory, hubWith } from "../../support/hub-in-memory.ts";
import { count, seqsOf } from "../../support/what-was-sent.ts";

it("[L1] [F2] sends events that were appended but not sent with the next event, or before any other frame", () => {
  const hub = new HubInMemory();
  const [all, some, old] = [hub.join(), hub.join({ asked: ["b"] }), hub.join({ dialect: "legacy" })];
  const lose = (type: string) => {
    const { fanout } = hub.broker.subscribers;
    const push = fanout.push;
    fanout.push = () => {
      throw new Error("broken just now");
    };
    hub.emit(1, type);
    fanout.push = push;
  };
  lose("a");
  hub.emit(1, "b");
  lose("a");
  lose("b");
  hub.broker.beat();
  lose("b");
  hub.send(some, { type: "subscribe", data: { events: ["c"] } });
  hub.emit(1, "c");
  expect(seqsOf(all).filter(Boolean)).toEqual(count(1, 6));
  expect(seqsOf(some).filter(Boolean)).toEqual([2, 4, 5, 6]);
  expect(old.frames().flatMap(({ seq }) => seq ?? [])).toEqual(count(1, 6));
  expect(hub.reports).toHaveLength(4);
});

it("[C3] [F5] sends subscribers that receive little their position before it deletes events after it", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(1, "rare");
  hub.emit(400, "frequent");
  hub.broker.subscribers.fanout.progress(300);
  expect(socket.frames().at(-1)).toEqual({ type: "reactor_events", after: 1, cursor: "abc.401", events: [] });
  hub.broker.subscribers.fanout.progress(300);
  expect(socket.frames()).toHaveLength(3);
});

it("[F5] does not repeat after hibernation what all were sent before", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(5, "frequent");
  hub.broker.beat();
  const before = socket.sent.length;
  const [subscriber] = hub.attachments.values();
  const woken = new HubInMemory(hub.log);
  woken.broker.subscribers.restore(socket, subscriber ?? expect.fail(), 5);
  woken.broker.beat();
  expect(socket.sent).toHaveLength(before);
});

describe.each([
  ["awake", () => {}],
  ["evicted in the middle", (hub: HubInMemory) => hub.evict()],
])("slow subscribers of a hub that is %s", (_how, pause) => {
  it("[P7] are sent pages instead of live events, and lose nothing", () => {
    const hub = new HubInMemory();
    const [lagging, fast] = [hub.join(), hub.join()];
    hub.emit(2);
    lagging.bufferedAmount = 131_073;
    hub.emit(3);
    expect(lagging.frames().at(-1)).toEqual({
      type: "reactor_events",
      after: 2,
      cursor: "abc.2",
      events: [],
      more: true,
    });
    pause(hub);
    hub.emit(4);
    expect([seqsOf(lagging), seqsOf(fast)]).toEqual([count(1, 2), count(1, 9)]);
    pause(hub);
    lagging.bufferedAmount = 0;
    hub.ack(lagging, "abc.2");
    expect(seqsOf(lagging)).toEqual(count(1, 9));
    pause(hub);
    hub.emit(1);
    expect([seqsOf(lagging), seqsOf(fast)]).toEqual([count(1, 10), count(1, 10)]);
  });
});

it("[P7] continues to send to a subscriber whose send buffer is within the limit", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  socket.bufferedAmount = 131_072;
  hub.emit(1);
  expect(seqsOf(socket)).toEqual([1]);
});

it("[P7] sends a slow subscriber no heartbeat and no progress either", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["rare"] });
  hub.emit(1);
  socket.bufferedAmount = 200_000;
  hub.broker.beat();
  expect(socket.frames().slice(1)).toMatchObject([{ after: 0, cursor: "abc.1", events: [], more: true }]);
});

it("[P7] closes every slow legacy page, although each close is an event for the others", () => {
  const hub = new HubInMemory(undefined, { announces: true });
  const lagging = [hub.join({ dialect: "legacy" }), hub.join(), hub.join({ dialect: "legacy" })];
  const fast = hub.join();
  hub.emit(1);
  for (const socket of lagging) socket.bufferedAmount = 200_000;
  hub.emit(1);
  expect(lagging.map(({ closed }) => closed?.code)).toEqual([4408, undefined, 4408]);
  const events = fast.frames().flatMap(({ events = [] }) => events);
  const gone = events.filter(({ type }: { type: string }) => type === "websocket_disconnected");
  expect([gone.length, seqsOf(fast).filter(Boolean)]).toEqual([2, [1, 2]]);
  const [, v1] = lagging;
  if (v1) v1.bufferedAmount = 0;
  hub.ack(v1 ?? expect.fail(), "abc.1");
  expect(seqsOf(v1 ?? expect.fail()).filter(Boolean)).toEqual([1, 2]);
});

it("[B5] [F8] sends to every socket what a listener emits about one that a flush closed", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 20; n++) hub.join({ asked: ["a"] }); // enough that the next event is delayed to another flush
  const others = Array.from({ length: 60 }, () => hub.join({ dialect: "legacy" }));
  const slow = hub.join({ dialect: "legacy" });
  const big = "x".repeat(200_000); // 60 of them are more than one turn may send
  hub.broker.bus.on("websocket_disconnected", (_, { emit }) => void emit("big", big));
  hub.emit(1, "a");
  slow.bufferedAmount = 200_000;
  hub.emit(1, "b");
  hub.pass(1_000);
  expect(slow.closed?.code).toBe(4408);
  for (const socket of others)
    expect(socket.frames().flatMap(({ type, seq }) => (seq ? [type] : []))).toEqual(["a", "b", "big"]);
});

it("[A2] sends live subscribers a heartbeat, as an event without a seq", () => {
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

it("[P8] pauses when all send buffers hold 32 MiB, lets subscribers that read nothing catch up, and continues for the others", () => {
  const hub = new HubInMemory();
  const stalled = Array.from({ length: 300 }, () => Object.assign(hub.join(), { readsNothing: true }));
  const healthy = Array.from({ length: 100 }, () => Object.assign(hub.join(), { readsNothing: true }));
  const waits = () => [...stalled, ...healthy].reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  const data = "x".repeat(60_000);
  let most = 0;
  const caughtUpLater = () => stalled.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0);
  for (let n = 0; n < 100; n++) {
    hub.emit([draftOf({ type: "a", data })]);
    for (let ms = 0; ms < 60; ms += 10) {
      // Beside what flushes do not wait for, live ones may have 8 MiB, and 8 more by the next turn.
      most = Math.max(most, waits() - Math.max(0, caughtUpLater() - 16 * 1024 * 1024));
      hub.pass(10);
      for (const socket of healthy) socket.bufferedAmount = Math.floor(socket.bufferedAmount / 2);
    }
  }
  expect(most).toBeLessThanOrEqual(32 * 1024 * 1024);
  expect(hub.broker.subscribers.catchingUp).toBe(300);
  for (const socket of healthy) {
    expect(socket.closed).toBeUndefined();
    expect(socket.frames().some(({ more }) => more)).toBe(false);
  }
  for (const socket of healthy) socket.bufferedAmount = 0;
  hub.pass(1_000);
  expect(seqsOf(healthy[0] ?? expect.fail()).filter(Boolean)).toEqual(count(1, 100));
});
