import { expect, it } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { READ_LIMITS } from "../../../src/core/log/read-back.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { parseCursor } from "../../../src/wire/cursor.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const at = (text: string) => {
  const cursor = parseCursor(text);
  if (!cursor) throw new Error(`${text} is no cursor.`);
  return cursor;
};
const removed = (cursor: string, count: number) => ({ ok: true, value: { cursor, removed: count } });
const framesBehindWelcome = (socket: RecordingSocket) => socket.frames().slice(1);
const seqsOf = (socket: RecordingSocket) =>
  socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq));
const segmentLog = () => new SegmentLog(new StoreInMemory(), { generation: "0", freshEpoch: () => "abc" });

it.each([
  ["the plainest log", () => new MemoryLog()],
  ["segments", segmentLog],
])("[X1] [F2] passes over an event that was taken out, live, in a replay and in pages, over %s", (_, log) => {
  const hub = new HubInMemory(log());
  const live = hub.join();
  hub.emit(5);
  expect(hub.broker.remove(at("abc.3"))).toEqual(removed("abc.3", 1));
  expect(hub.broker.remove(at("abc.5"))).toEqual(removed("abc.5", 1));
  const again = hub.join({ cursor: at("abc.1") });
  expect(framesBehindWelcome(again)).toMatchObject([{ after: 1, cursor: "abc.5", events: [{ seq: 2 }, { seq: 4 }] }]);
  expect(seqsOf(hub.join({ cursor: at("abc.4") }))).toEqual([]);
  expect(seqsOf(hub.join({ last: 2 }))).toEqual([2, 4]);
  const page = hub.broker.history(
    { at: "after", cursor: null },
    { asked: null, allowed: null },
    { events: 100, bytes: READ_LIMITS.bytes },
  );
  expect(JSON.parse(page.text)).toMatchObject({ cursor: "abc.5", events: [{ seq: 1 }, { seq: 2 }, { seq: 4 }] });
  hub.evict();
  expect(seqsOf(hub.join({ cursor: at("abc.0") }))).toEqual([1, 2, 4]);
  hub.emit(1);
  expect(live.frames().at(-1)).toMatchObject({ cursor: "abc.6", events: [{ seq: 6 }] });
});

it("[X1] sends no client what was taken out before its flush, and all else in order", () => {
  const hub = new HubInMemory(undefined, { costOf: () => 40 });
  const socket = hub.join();
  hub.emit(1);
  for (let n = 0; n < 3; n++) hub.emit(1);
  hub.broker.remove(at("abc.3"));
  hub.pass(100);
  expect(seqsOf(socket)).toEqual([1, 2, 4]);
  expect(socket.frames().at(-1)).toMatchObject({ cursor: "abc.4" });
});

it("[X1] [F8] takes it out of a flush that is still in progress", () => {
  const hub = new HubInMemory();
  const sockets = Array.from({ length: 60 }, () => hub.join());
  hub.emit([draftOf({ type: "a", data: "x".repeat(200_000) })]); // 12 MB of frames: more than a turn sends
  const served = sockets.filter((socket) => seqsOf(socket).length === 1).length;
  expect(served).toBeLessThan(60);
  hub.broker.remove(at("abc.1"));
  hub.pass(100);
  expect(sockets.filter((socket) => seqsOf(socket).length === 1).length).toBe(served);
  hub.emit(1);
  for (const socket of sockets) expect(seqsOf(socket).at(-1)).toBe(2);
});

it("[X2] answers a retry of an event that was taken out as a duplicate, and refuses other content", () => {
  const hub = new HubInMemory(segmentLog());
  const order = (data: unknown) => [draftOf({ type: "order", source: "shop", id: "1", data })];
  hub.emit(order({ n: 1 }));
  hub.broker.remove(at("abc.1"));
  hub.evict();
  expect(hub.emit(order({ n: 1 }))).toEqual({ cursor: "abc.1", events: [{ id: "1", seq: 1, duplicate: true }] });
  expect(hub.commit(order({ n: 2 }))).toMatchObject({ problem: { code: "id_conflict" } });
  expect(hub.log.cursor.seq).toBe(1);
});

it("[X3] tells clients of v1 that may hear its type, once, whatever they are subscribed to; it moves no position", () => {
  const hub = new HubInMemory();
  const told = [hub.join(), hub.join({ asked: ["other"] }), hub.join({ allowed: ["n*"], sub: "ada" })];
  const not = [hub.join({ allowed: ["other"], sub: "ben" }), hub.join({ dialect: "legacy" })];
  hub.emit(2, "news");
  const behind = hub.join({ cursor: at("abc.0") });
  for (let n = 0; n < 2; n++) hub.broker.remove(at("abc.1"));
  const notice = { type: "reactor_removed", data: { cursor: "abc.1" } };
  const noticesOf = (socket: RecordingSocket) => socket.frames().filter(({ type }) => type === "reactor_removed");
  for (const socket of [...told, behind]) expect(noticesOf(socket)).toEqual([notice]);
  for (const socket of not) expect(noticesOf(socket)).toEqual([]);
  hub.emit(1, "other");
  expect(told[1]?.frames().at(-1)).toMatchObject({ type: "reactor_events", after: 0, cursor: "abc.3" });
  expect(told[0]?.frames().at(-1)).toMatchObject({ type: "reactor_events", after: 2, cursor: "abc.3" });
});

it("[X3] [P10] does not tell a client on which more than 4 MiB are buffered", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  hub.emit(1);
  socket.bufferedAmount = 5 * 1024 * 1024;
  hub.broker.remove(at("abc.1"));
  expect(socket.frames().at(-1)?.type).toBe("reactor_events");
});

it("[X4] [C4] takes out what is below a cursor: who has not read it is reset, and who is at the head is not", () => {
  const hub = new HubInMemory(segmentLog());
  const quiet = hub.join({ asked: ["other"] });
  hub.emit(10);
  expect(hub.broker.removeBefore(at("abc.6"))).toMatchObject({ value: { cursor: "abc.6", removed: 5, isDone: true } });
  expect(hub.broker.removeBefore(at("abc.6"))).toMatchObject({ value: { removed: 0, isDone: true } });
  expect(quiet.frames().at(-1)).toEqual({ type: "reactor_events", after: 0, cursor: "abc.10", events: [] });
  const late = hub.join({ cursor: at("abc.2") });
  expect(framesBehindWelcome(late)).toMatchObject([
    { type: "reactor_reset", data: { reason: "trimmed", oldest: "abc.6", cursor: "abc.5" } },
    { after: 5, cursor: "abc.10", events: [6, 7, 8, 9, 10].map((seq) => ({ seq })) },
  ]);
  expect(hub.broker.removeBefore(at("abc.11"))).toMatchObject({ value: { removed: 5 } });
  expect([hub.log.oldest, hub.log.usage.bytes]).toEqual([11, 0]);
  hub.evict();
  hub.emit(1);
  expect(quiet.closed).toBeUndefined();
});

it("[X4] takes out a long log in several steps, and all of it in the end", () => {
  const hub = new HubInMemory(segmentLog());
  for (let n = 0; n < 10; n++) hub.emit(1_000);
  const steps: unknown[] = [];
  for (let isDone = false; !isDone; ) {
    const step = hub.broker.removeBefore(at("abc.9990"));
    if (!step.ok) throw new Error(step.problem.detail);
    steps.push(step.value.removed);
    isDone = step.value.isDone;
  }
  expect(steps.length).toBeGreaterThan(3);
  expect(hub.log.oldest).toBe(9_990);
});

it("[X5] refuses a place that the log never had, and takes out nothing", () => {
  const hub = new HubInMemory();
  expect(hub.broker.remove(at("0.0"))).toMatchObject({ problem: { code: "event_not_found" } });
  expect(hub.broker.removeBefore(at("0.0"))).toMatchObject({ value: { removed: 0, isDone: true } });
  hub.emit(3);
  for (const cursor of ["abc.0", "abc.4", "old.1", "0.0"]) {
    expect(hub.broker.remove(at(cursor))).toMatchObject({ problem: { code: "event_not_found" } });
  }
  for (const cursor of ["abc.5", "old.1"]) {
    expect(hub.broker.removeBefore(at(cursor))).toMatchObject({ problem: { code: "event_not_found" } });
  }
  expect(hub.log.oldest).toBe(1);
});

it("[X5] [L1] answers log_unavailable where storage fails, and nothing is gone", () => {
  class FullLog extends MemoryLog {
    override remove(): never {
      throw new Error("The disk is full.");
    }
    override removeBefore(): never {
      throw new Error("The disk is full.");
    }
  }
  const hub = new HubInMemory(new FullLog());
  const socket = hub.join();
  hub.emit(2);
  expect(hub.broker.remove(at("abc.1"))).toMatchObject({ problem: { code: "log_unavailable" } });
  expect(hub.broker.removeBefore(at("abc.2"))).toMatchObject({ problem: { code: "log_unavailable" } });
  expect(hub.reports).toHaveLength(2);
  expect(seqsOf(hub.join({ cursor: at("abc.0") }))).toEqual([1, 2]);
  expect(socket.frames().at(-1)?.type).toBe("reactor_events");
});

it("[X6] [H19] changes the ETag of a page from which an event was taken out, and of no other", () => {
  const hub = new HubInMemory();
  hub.emit(30, "a");
  hub.emit(30, "b");
  const etag = (after: string, events: readonly string[] | null = null, limit = 10) =>
    hub.broker.history(
      { at: "after", cursor: at(after) },
      { asked: events, allowed: null },
      { events: limit, bytes: READ_LIMITS.bytes },
    ).etag;
  const before = [etag("abc.0"), etag("abc.10"), etag("abc.20", ["a"], 10)];
  hub.broker.remove(at("abc.2"));
  const after = [etag("abc.0"), etag("abc.10"), etag("abc.20", ["a"], 10)];
  expect(after[0]).not.toBe(before[0]);
  expect(after.slice(1)).toEqual(before.slice(1));
});

it("[X6] changes the ETag also where the page ends at the same place", () => {
  const hub = new HubInMemory();
  for (let n = 0; n < 11; n++) hub.emit(withOneRare(1_000, n));
  const etag = () =>
    hub.broker.history(
      { at: "after", cursor: at("abc.0") },
      { asked: ["rare"], allowed: null },
      { events: 1_000, bytes: READ_LIMITS.bytes },
    ).etag;
  const before = etag();
  hub.broker.remove(at("abc.1"));
  expect(before).not.toBeNull();
  expect(etag()).not.toBe(before);
});

/** Of which the first is rare. */
function withOneRare(count: number, batch: number) {
  return Array.from({ length: count }, (_, n) => draftOf({ type: n === 0 ? "rare" : "often", data: batch }));
}
