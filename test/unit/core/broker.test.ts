import { expect, it } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { StoreContradiction } from "../../../src/core/log/segment-store.ts";
import { draftOf, draftsOf } from "../../support/drafts.ts";
import { HubInMemory, settled } from "../../support/hub-in-memory.ts";

it("[H1] [L2] [L3] numbers events in the order of emits, and returns the seq of each", () => {
  const hub = new HubInMemory();
  expect(hub.emit()).toEqual({ cursor: "abc.1", events: [{ id: "abc.1", seq: 1, duplicate: false }] });
  expect(hub.emit([draftOf({ type: "a", id: "mine" }), ...draftsOf(1)])).toEqual({
    cursor: "abc.3",
    events: [
      { id: "mine", seq: 2, duplicate: false },
      { id: "abc.3", seq: 3, duplicate: false },
    ],
  });
});

it("[L5] takes a fresh epoch for the first event only", () => {
  const hub = new HubInMemory();
  hub.emit();
  expect(hub.emit().cursor).toBe("abc.2");
  expect(hub.births).toBe(1);
});

it("[L1] sends no event that the log did not store, and continues at the same seq", () => {
  class FullLog extends MemoryLog {
    full = false;
    override append(...args: Parameters<MemoryLog["append"]>): void {
      if (this.full) throw new Error("The disk is full.");
      super.append(...args);
    }
  }
  const log = new FullLog();
  const hub = new HubInMemory(log);
  const socket = hub.join();
  hub.emit();
  log.full = true;
  expect(() => hub.emit()).toThrow("The log cannot take events at the moment.");
  expect(log.cursor.seq).toBe(1);
  log.full = false;
  hub.emit();
  expect(socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([1, 2]);
});

it("[L1] has appended an event before it is sent to any socket", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  const heads: number[] = [];
  socket.send = () => heads.push(hub.log.cursor.seq);
  hub.emit(2);
  expect(heads).toEqual([2]);
});

it("[B5] [L2] puts what a listener emits behind what it heard, for readers too", async () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.broker.bus.on("news_processed", (_, { event, emit }) => {
    void emit("news_accepted", { of: event.seq ?? null });
  });
  const { cursor } = hub.emit(2);
  expect(cursor).toBe("abc.2");
  await settled();
  const events = socket.frames().flatMap(({ events = [] }) => events);
  expect(events.map(({ type, seq, data }) => [type, seq, data])).toEqual([
    ["news_processed", 1, { n: 0 }],
    ["news_processed", 2, { n: 1 }],
    ["news_accepted", 3, { of: 1 }],
    ["news_accepted", 4, { of: 2 }],
  ]);
  expect(socket.frames().at(-1).after).toBe(3);
});

it("[B2] answers an emit whatever its listeners do, and reports what they threw", () => {
  const hub = new HubInMemory();
  hub.broker.bus.on("*", () => {
    throw new Error("listener");
  });
  expect(hub.emit().cursor).toBe("abc.1");
  expect(hub.reports).toEqual([{ what: 'A listener of "news_processed"', error: new Error("listener") }]);
});

it("[E2] validates what a listener emits as it does at an entry point", async () => {
  const hub = new HubInMemory();
  await expect(hub.broker.bus.emit("reactor_heartbeat", { connected_clients: 9, events_emitted: 9 })).rejects.toThrow(
    "the hub's own",
  );
  expect(hub.log.cursor.seq).toBe(0);
});

it("[B5] [E3] refuses values without JSON form also from a listener, with a pointer", async () => {
  const hub = new HubInMemory();
  const { bus } = hub.broker;
  await expect(bus.emit("news_counted", { at: new Date(0), words: [new Map([["hello", 1]])] })).rejects.toThrow(
    /an instance of Map\. .*"\/data\/words\/0"/,
  );
  expect(hub.log.cursor.seq).toBe(0);
  await bus.emit("news_counted", { at: new Date(0) });
  expect(hub.log.cursor.seq).toBe(1);
});

it("[B8] reports connections to listeners, and to clients only if it announces them", () => {
  const sentSeq: unknown[] = [];
  for (const announces of [false, true]) {
    const hub = new HubInMemory(new MemoryLog(), { announces });
    for (const name of ["websocket_connected", "websocket_disconnected"] as const) {
      hub.broker.bus.on(name, (data) => void sentSeq.push([name, data]));
    }
    const watcher = hub.join({ clientId: "watcher" });
    const guest = hub.join({ clientId: "guest", dialect: "legacy" });
    hub.leave(guest);
    hub.leave(guest);
    const bad = hub.join({ clientId: "bad" });
    hub.broker.hear(bad, new ArrayBuffer(1));
    hub.leave(bad);
    const events = watcher.frames().flatMap(({ events = [] }) => events);
    expect(events.map(({ type, data, seq }) => [type, data, seq])).toEqual(
      announces ? sentSeq.splice(0).map((each) => [...(each as unknown[]), undefined]) : [],
    );
    if (!announces) {
      expect(sentSeq.splice(0)).toEqual([
        ["websocket_connected", { client_id: "watcher", connected_clients: 1 }],
        ["websocket_connected", { client_id: "guest", connected_clients: 2 }],
        ["websocket_disconnected", { client_id: "guest", connected_clients: 1 }],
        ["websocket_connected", { client_id: "bad", connected_clients: 2 }],
        ["websocket_disconnected", { client_id: "bad", connected_clients: 1 }],
      ]);
    }
    expect(hub.log.cursor.seq).toBe(0);
  }
});

it("[B6] [A2] calls listeners for the heartbeat", () => {
  const hub = new HubInMemory();
  const beats: unknown[] = [];
  hub.broker.bus.on("reactor_heartbeat", (data) => void beats.push(data));
  hub.emit(3);
  hub.broker.beat();
  expect(beats).toEqual([{ connected_clients: 0, events_emitted: 3 }]);
});

it("[A4] [L7] sets the alarm after each append, also of a listener", async () => {
  const hub = new HubInMemory();
  const answered = () => new Promise<void>((resolve) => setImmediate(resolve));
  for (const append of [() => hub.emit(2), () => hub.broker.bus.emitSync("news_accepted", {})]) {
    hub.alarmMs = null;
    hub.evict(); // the hub does not know that it is set
    append();
    await answered();
    expect(hub.alarmMs).not.toBeNull();
  }
});

it("[L3] [I2] [I3] appends several batches at once: a refused one refuses only itself, and each is compared with the ids before it", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  const named = (data: number) => draftOf({ type: "a", id: "1", source: "s", data });
  const batches = [[named(1), ...draftsOf(1)], [named(1)], [...draftsOf(1), named(2)], draftsOf(2)];
  const committed = hub.broker.commit(batches.map((drafts) => ({ drafts, cause: null })));
  const [first, again, conflict, last] = committed.map(({ receipt }) => receipt);
  expect(first).toMatchObject({ ok: true, value: { cursor: "abc.2", events: [{ seq: 1 }, { seq: 2 }] } });
  expect(again).toMatchObject({ ok: true, value: { cursor: "abc.1", events: [{ seq: 1, duplicate: true }] } });
  expect(conflict).toMatchObject({ ok: false, problem: { code: "id_conflict", pointer: "/1/id" } });
  expect(last).toMatchObject({ ok: true, value: { cursor: "abc.4", events: [{ seq: 3 }, { seq: 4 }] } });
  expect(socket.frames().slice(1)).toMatchObject([{ after: 0, cursor: "abc.4", events: [{}, {}, {}, {}] }]);
});

it("[L1] refuses every batch of an append that fails, and sends nothing of them", () => {
  class FullLog extends MemoryLog {
    override append(): void {
      throw new Error("The disk is full.");
    }
  }
  const hub = new HubInMemory(new FullLog());
  const socket = hub.join();
  const committed = hub.broker.commit([draftsOf(1), draftsOf(2)].map((drafts) => ({ drafts, cause: null })));
  const results = committed.map(({ receipt }) => receipt);
  expect(results).toMatchObject([{ problem: { code: "log_unavailable" } }, { problem: { code: "log_unavailable" } }]);
  expect([socket.frames().length, hub.log.cursor.seq]).toEqual([1, 0]);
});

it("[L11] ends the object if storage has other events than it wrote, and not for another failure", () => {
  for (const [error, restarts] of [
    [new StoreContradiction("The newest event in storage is not 4."), 1],
    [new Error("The disk is full."), 0],
  ] as const) {
    class OtherLog extends MemoryLog {
      override append(): void {
        throw error;
      }
    }
    const hub = new HubInMemory(new OtherLog());
    const [committed] = hub.broker.commit([{ drafts: draftsOf(1), cause: null }]);
    expect(committed?.receipt).toMatchObject({ problem: { code: "log_unavailable" } });
    expect(hub.restarts).toHaveLength(restarts);
  }
});

it("[I1] [I5] answers a retry with the first event's seq, and does not send it again", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  let calls = 0;
  hub.broker.bus.on("a", () => {
    calls += 1;
  });
  const retried = draftOf({ type: "a", id: "1", source: "s", data: { n: 1 } });
  expect(hub.emit([retried])).toEqual({ cursor: "abc.1", events: [{ id: "1", seq: 1, duplicate: false }] });
  hub.emit(1);
  hub.evict();
  expect(hub.emit([retried])).toEqual({ cursor: "abc.1", events: [{ id: "1", seq: 1, duplicate: true }] });
  expect(hub.emit([retried, ...draftsOf(1)])).toEqual({
    cursor: "abc.3",
    events: [
      { id: "1", seq: 1, duplicate: true },
      { id: "abc.3", seq: 3, duplicate: false },
    ],
  });
  expect(hub.log.cursor.seq).toBe(3);
  expect(calls).toBe(1);
  expect(socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([
    1, 2, 3,
  ]);
});

it("[I2] refuses a whole batch if one event has the source and id of another event", () => {
  const hub = new HubInMemory();
  hub.emit([draftOf({ type: "a", id: "1", source: "s", data: 1 })]);
  const other = draftOf({ type: "a", id: "1", source: "s", data: 2 });
  expect(hub.commit([...draftsOf(2), other])).toMatchObject({
    ok: false,
    problem: { code: "id_conflict", pointer: "/2/id", detail: expect.stringContaining("The event 1 has") },
  });
  expect(hub.commit([other])).toMatchObject({ problem: { pointer: "/id" } });
  expect(hub.log.cursor.seq).toBe(1);
});
