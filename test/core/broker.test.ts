import { expect, it } from "vitest";
import { MemoryLog } from "../../src/core/memory-log.ts";
import { draftOf, draftsOf } from "../doubles/drafts.ts";
import { AT, HubInMemory } from "../doubles/hub-in-memory.ts";

it("[H1] [L2] [L3] numbers events in the order of emits, and tells each its place", () => {
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
  const { broker } = new HubInMemory();
  let asked = 0;
  const freshEpoch = () => `e${++asked}`;
  broker.emit(draftsOf(1), AT, freshEpoch);
  expect(broker.emit(draftsOf(1), AT, freshEpoch).cursor).toBe("e1.2");
  expect(asked).toBe(1);
});

it("[L1] shows nobody an event that the log did not take, and goes on where it was", () => {
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
  expect(() => hub.emit()).toThrow("The disk is full.");
  expect(log.cursor.seq).toBe(1);
  log.full = false;
  hub.emit();
  expect(socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([1, 2]);
});

it("[L1] has appended an event by the time anybody is sent it", () => {
  const hub = new HubInMemory();
  const socket = hub.join();
  const heads: number[] = [];
  socket.send = () => heads.push(hub.log.cursor.seq);
  hub.emit(2);
  expect(heads).toEqual([2]);
});
