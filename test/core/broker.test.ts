import { expect, it } from "vitest";
import { type Attaching, Broker } from "../../src/core/broker.ts";
import { MemoryLog } from "../../src/core/memory-log.ts";
import { draftOf, draftsOf } from "../doubles/drafts.ts";
import { RecordingSocket } from "../doubles/recording-socket.ts";

const at = { ms: 1_000, iso: "2026-11-21T12:00:00.000Z" };
const plain: Attaching = { clientId: "c1", dialect: "v1", channel: "main", asked: null, allowed: null };

function hub(log = new MemoryLog()) {
  const broker = new Broker<RecordingSocket>(log);
  return {
    broker,
    log,
    emit: (drafts = draftsOf(1)) => broker.emit(drafts, at, () => "abc"),
    join(part: Partial<Attaching> = {}) {
      const socket = new RecordingSocket();
      return { socket, reader: broker.attach(socket, { ...plain, ...part }, at) };
    },
  };
}

it("[F1] welcomes a reader at the head", () => {
  const { emit, join } = hub();
  emit(draftsOf(3));
  const { socket } = join();
  expect(socket.frames()).toEqual([
    {
      type: "reactor_connected",
      data: {
        message: "Connected to PulseAI Reactor",
        client_id: "c1",
        timestamp: at.iso,
        channel: "main",
        cursor: "abc.3",
        recovered: null,
        heartbeat_ms: 25_000,
        retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
      },
    },
  ]);
});

it("[O1] [C2] welcomes an old page as the old server did, at 0.0 before the first event", () => {
  const { socket } = hub().join({ dialect: "old" });
  expect(socket.frames()).toEqual([
    {
      type: "reactor_connected",
      data: {
        message: "Connected to PulseAI Reactor",
        client_id: "c1",
        timestamp: at.iso,
        channel: "main",
        cursor: "0.0",
        recovered: null,
      },
    },
  ]);
});

it("[H1] [L2] [L3] numbers events in the order of emits, and tells each its place", () => {
  const { emit } = hub();
  expect(emit()).toEqual({ cursor: "abc.1", events: [{ id: "abc.1", seq: 1, duplicate: false }] });
  expect(emit([draftOf({ type: "a", id: "mine" }), ...draftsOf(1)])).toEqual({
    cursor: "abc.3",
    events: [
      { id: "mine", seq: 2, duplicate: false },
      { id: "abc.3", seq: 3, duplicate: false },
    ],
  });
});

it("[L5] takes a fresh epoch for the first event only", () => {
  const { broker } = hub();
  let asked = 0;
  const freshEpoch = () => `e${++asked}`;
  broker.emit(draftsOf(1), at, freshEpoch);
  expect(broker.emit(draftsOf(1), at, freshEpoch).cursor).toBe("e1.2");
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
  const { broker, emit, join } = hub(log);
  const { socket } = join();
  emit();
  log.full = true;
  expect(() => emit()).toThrow("The disk is full.");
  expect(broker.status.emitted).toBe(1);
  log.full = false;
  emit();
  expect(socket.frames().flatMap(({ events = [] }) => events.map(({ seq }: { seq: number }) => seq))).toEqual([1, 2]);
});

it("[L1] has appended an event by the time anybody is sent it", () => {
  const { broker, log, emit } = hub();
  const heads: number[] = [];
  const socket = new RecordingSocket();
  socket.send = () => heads.push(log.read(0, 10).length);
  broker.attach(socket, plain, at);
  emit(draftsOf(2));
  expect(heads).toEqual([0, 2]);
});

it("[S4] [F4] goes on for a restored reader, at most once from further back", () => {
  const { emit, join, log } = hub();
  emit(draftsOf(2));
  const { socket, reader } = join({ asked: ["news_*"] });
  emit(draftsOf(2));
  const woken = hub(log);
  woken.broker.restore(socket, reader);
  woken.emit();
  woken.emit();
  expect(socket.frames().map(({ after, cursor }) => [after, cursor])).toEqual([
    [undefined, undefined],
    [2, "abc.4"],
    [2, "abc.5"],
    [5, "abc.6"],
  ]);
});

it("[F5] [O3] answers a text it does not know in the reader's dialect", () => {
  const { broker, join } = hub();
  const [v1, old] = [join(), join({ dialect: "old" })];
  for (const { socket } of [v1, old]) broker.hear(socket, "hello?");
  expect(v1.socket.frames()[1]).toMatchObject({ type: "reactor_error", data: { code: "unknown_message", ref: null } });
  expect(old.socket.frames()[1]).toEqual({ type: "echo", data: { message: "hello?" } });
});

it.each([
  ["binary", new ArrayBuffer(4)],
  ["more than 64 KiB", "é".repeat(32_769)],
])("[S5] closes a socket that sends %s, and no other", (_, message) => {
  const { broker, join, emit } = hub();
  const [bad, good] = [join(), join()];
  broker.hear(bad.socket, message);
  expect(bad.socket.closed?.code).toBe(4500);
  broker.hear(bad.socket, "was already on its way");
  expect(broker.status.connections).toBe(1);
  broker.hear(good.socket, "é".repeat(32_768));
  emit();
  expect(good.socket.closed).toBeUndefined();
  expect(good.socket.frames().map(({ type }) => type)).toEqual([
    "reactor_connected",
    "reactor_error",
    "reactor_events",
  ]);
});

it("counts readers and events, and tells times from the log", () => {
  const { broker, join, emit } = hub();
  expect(broker.status).toEqual({ connections: 0, emitted: 0, bornMs: null, lastMs: null });
  const { socket } = join();
  emit(draftsOf(4));
  expect(broker.status).toEqual({ connections: 1, emitted: 4, bornMs: 1_000, lastMs: 1_000 });
  broker.leave(socket);
  expect(broker.status.connections).toBe(0);
});
