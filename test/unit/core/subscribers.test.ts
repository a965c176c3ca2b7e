import { describe, expect, it } from "vitest";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory, hubWith } from "../../support/hub-in-memory.ts";
import { count, seqsOf, typesOf } from "../../support/what-was-sent.ts";

describe.each([
  ["awake", () => {}],
  ["evicted in the middle", (hub: HubInMemory) => hub.evict()],
])("subscribers of a hub that is %s", (_how, pause) => {
  it("[C3] resume from their cursor, page by page, and are live at the head", () => {
    const hub = hubWith(20);
    const socket = hub.join({ cursor: { epoch: "abc", seq: 3 } });
    expect(socket.frames()[0].data).toMatchObject({ cursor: "abc.3", recovered: true });
    expect(seqsOf(socket)).toEqual(count(4, 9));
    pause(hub);
    hub.emit(); // while it catches up: in the log, and sent in order
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

  it("[F6] receive a new subscription from the cursor of its answer on", () => {
    const hub = new HubInMemory();
    const socket = hub.join({ asked: ["a"] });
    hub.emit(1, "a");
    hub.emit(1, "b");
    pause(hub);
    hub.send(socket, { type: "subscribe", data: { events: ["b"] } });
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

  it("[F6] receive a new subscription after the last page, if they are catching up", () => {
    const hub = new HubInMemory();
    for (let n = 0; n < 20; n++) {
      hub.emit([draftOf({ type: n % 2 === 0 ? "a" : "b", data: "x".repeat(5_000) })]);
    }
    const socket = hub.join({ asked: ["a"], cursor: { epoch: "0", seq: 0 } });
    expect(seqsOf(socket)).toEqual([1, 3, 5, 7, 9, 11]);
    pause(hub);
    hub.send(socket, { type: "subscribe", data: { events: ["b"] } });
    expect(socket.frames().at(-1).data).toMatchObject({ events: ["b"], cursor: "abc.12" });
    pause(hub);
    hub.ack(socket, "abc.12");
    expect(seqsOf(socket)).toEqual([1, 3, 5, 7, 9, 11, 14, 16, 18, 20]);
  });

  it("[O4] narrow and add patterns in the legacy dialect, and still receive the heartbeat", () => {
    const hub = new HubInMemory();
    const socket = hub.join({ dialect: "legacy" });
    hub.send(socket, "subscribe: a , c");
    pause(hub);
    hub.send(socket, { type: "subscribe", data: "b", timestamp: "x" });
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

  it("[S4] [F4] are sent frames from their position, at most once from an earlier one", () => {
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

it("[C3] sends a subscriber that connected before the first event everything from that on", () => {
  const hub = new HubInMemory();
  hub.emit(3);
  const socket = hub.join({ cursor: { epoch: "0", seq: 0 } });
  expect(socket.frames()[0].data).toMatchObject({ cursor: "0.0", recovered: true });
  expect(seqsOf(socket)).toEqual([1, 2, 3]);
});

it("[C4] [F1] states in the welcome, then by a reset, that a subscriber cannot resume from its cursor", () => {
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

it("[C3] [F5] never resets a quiet subscriber that missed no matching event, although the log has deleted events", () => {
  const hub = new HubInMemory();
  const socket = hub.join({ asked: ["digest_*"] });
  for (let n = 0; n < 30; n++) hub.emit(100);
  const position = socket.frames().at(-1).cursor;
  hub.leave(socket);
  hub.log.trim({ maxEvents: 1_000, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const [epoch, seq] = position.split(".");
  const back = hub.join({ asked: ["digest_*"], cursor: { epoch, seq: Number(seq) } });
  expect(back.frames()[0].data.recovered).toBe(true);
  expect(typesOf(back)).not.toContain("reactor_reset");
});

it("[P4] closes a socket that acknowledges what it was never sent, and ignores a repeated acknowledgement", () => {
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
  expect(foreign.closed?.code).toBe(4408); // a valid cursor of an earlier epoch: it may reconnect
});

it("[P3] sends no page while pages are still in the send buffer, until the last of them is acknowledged", () => {
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

it("[O5] closes a legacy page after 256 KiB of replay, so that it reconnects for the rest", () => {
  const hub = hubWith(60);
  const first = hub.join({ dialect: "legacy", cursor: { epoch: "abc", seq: 0 } });
  expect(first.closed?.code).toBe(4408);
  expect(hub.broker.subscribers.count).toBe(0);
  const reached = Number(first.frames().at(-1).cursor.split(".")[1]);
  const second = hub.join({ dialect: "legacy", cursor: { epoch: "abc", seq: reached } });
  expect(second.closed).toBeUndefined();
  expect([...first.frames(), ...second.frames()].flatMap(({ seq }) => seq ?? [])).toEqual(count(1, 60));
  hub.emit();
  expect(second.frames().at(-1).seq).toBe(61);
});

it("[O5] [O6] sends a legacy page that receives nothing the position that it reached, before it closes it", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 12; n++) hub.emit(1_000);
  const first = hub.join({ dialect: "legacy", asked: ["nothing"], cursor: { epoch: "abc", seq: 0 } });
  expect(first.closed?.code).toBe(4408);
  expect(first.frames().at(-1)).toMatchObject({ type: "reactor_heartbeat", cursor: "abc.10000" });
  const second = hub.join({ dialect: "legacy", asked: ["nothing"], cursor: { epoch: "abc", seq: 10_000 } });
  expect(second.closed).toBeUndefined();
  hub.broker.beat();
  expect(second.frames().at(-1)).toMatchObject({ type: "reactor_heartbeat", cursor: "abc.12000" });
});

it("[F4] continues from its position, whatever it sends meanwhile", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.emit(3);
  hub.send(socket, "hello?");
  hub.emit(1);
  expect(socket.frames().at(-1)).toMatchObject({ after: 3, cursor: "abc.4" });
});

it("[O5] sends a legacy page a reset in the frame of v1", () => {
  const socket = hubWith(3).join({ dialect: "legacy", cursor: { epoch: "xyz", seq: 1 } });
  expect(typesOf(socket)).toEqual(["reactor_connected", "reactor_reset"]);
});
