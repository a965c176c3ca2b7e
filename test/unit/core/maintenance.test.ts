import { expect, it, vi } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import type { RecordingSocket } from "../../support/recording-socket.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

const answered = () => new Promise<void>((resolve) => setImmediate(resolve));

it.each([
  ["first", [12_000, null]],
  ["last", [null, 12_000]],
] as const)(
  "[A4] [T15] of two that attach in one turn, sets the alarm for the more urgent, which is the %s",
  async (_, ends) => {
    const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
    for (const endsMs of ends) hub.join({ sub: "u", expiresMs: endsMs && hub.at.ms + endsMs });
    await answered();
    expect(hub.alarmMs).toBe(hub.at.ms + 6_000); // the warning, after half of the remaining time
  },
);

it("[T15] warns and closes each at its expiry, whatever else attached in the same turn", async () => {
  const hub = new HubInMemory();
  hub.emit(1);
  hub.evict();
  const lasting = hub.join({ sub: "u", expiresMs: hub.at.ms + 24 * 3_600_000 });
  const short = hub.join({ sub: "v", expiresMs: hub.at.ms + 10_000 });
  for (let n = 0; n < 3; n++) {
    await answered();
    hub.ring();
  }
  expect([lasting.closed, short.closed?.code]).toEqual([undefined, 4401]);
  expect(short.frames().map(({ data }) => data?.code)).toEqual([undefined, "token_expiring", "unauthorized"]);
});

it("[T15] handles in one alarm all tokens that expire within 5 s", async () => {
  const hub = new HubInMemory();
  const ends = [10_000, 14_900, 20_000].map((ms) => hub.at.ms + ms);
  const sockets = ends.map((expiresMs) => hub.join({ sub: "u", expiresMs, dialect: "legacy" })); // is not warned
  await answered();
  hub.ring();
  expect(sockets.map(({ closed }) => closed?.code)).toEqual([4401, 4401, undefined]);
  await answered();
  expect(hub.alarmMs).toBe(ends[2]);
});

it("[A4] sets a lost alarm again when it wakes, also if nothing is emitted", async () => {
  const hub = new HubInMemory();
  hub.emit(1);
  await answered();
  const first = hub.alarmMs;
  expect(first).not.toBeNull();
  hub.alarmMs = null;
  hub.evict();
  await answered();
  expect(hub.alarmMs).toBe(first);
});

it.each([1, 2, 3])("[A4] asks again where storage fails %i times to read or set the alarm", async (failures) => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
  hub.alarmFailures = failures;
  hub.join();
  for (let n = 0; n < failures; n++) {
    await answered();
    expect(hub.alarmMs).toBeNull();
    hub.pass(5_000);
  }
  await answered();
  expect([hub.alarmMs, hub.reports.length]).toEqual([30_000, failures]);
});

it("[A4] sets an alarm again that storage refused, also where an earlier one was set", async () => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 3_600_000 });
  hub.join();
  await answered();
  hub.alarmFailures = 1;
  hub.join({ sub: "u", expiresMs: hub.at.ms + 100_000 });
  await answered();
  expect([hub.alarmMs, hub.reports.length]).toEqual([3_600_000, 1]);
  hub.pass(5_000);
  await answered();
  expect(hub.alarmMs).toBe(51_000);
});

it("[A4] keeps the alarm that maintenance set while storage was still reading the previous one", async () => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
  hub.join();
  hub.pass(29_000);
  hub.broker.maintenance.ring(30_000); // before `getAlarm` has answered, with what was set then
  hub.alarmMs = 1;
  await answered();
  expect(hub.alarmMs).toBe(60_000);
});

it("[A4] rings no more than once an hour for events that it cannot delete yet, where the clock was set back", async () => {
  const log = new SegmentLog(new StoreInMemory(), { generation: "0", freshEpoch: () => "never" });
  const hub = new HubInMemory(log);
  hub.pass(90 * 60_000);
  hub.emit(1);
  hub.at = { ...hub.at, ms: hub.at.ms - 60 * 60_000 };
  hub.emit(1);
  await answered();
  let rings = 0;
  for (; log.oldestPiece !== null && rings < 5; rings++) {
    hub.ring();
    await answered();
  }
  expect(rings).toBe(1);
});

/** A hub whose sockets ping each 25 s, as its alarm finds them. */
function pingingHub() {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
  const sockets = [hub.join(), hub.join()];
  const ping = () => {
    for (const socket of sockets) hub.pings.set(socket, hub.at.ms);
  };
  /** Pings and beats for so long, and then until the next alarm. */
  const run = async (ms: number) => {
    for (const endMs = hub.at.ms + ms; hub.at.ms < endMs; ) {
      ping();
      await answered();
      hub.ring();
    }
  };
  const codes = () => sockets.map(({ closed }) => closed?.code);
  return { hub, ping, run, codes };
}

it.each([-3_600_000, -61_000, -30_000])(
  "[A3] [A2] closes no socket when the clock is set back by %i ms, and beats on",
  async (ms) => {
    const { hub, ping, run, codes } = pingingHub();
    await run(120_000);
    hub.at = { ...hub.at, ms: hub.at.ms + ms };
    ping();
    hub.broker.maintenance.ring(hub.alarmMs ?? expect.fail()); // at its time, as the runtime counts it
    await answered();
    expect((hub.alarmMs ?? 0) - hub.at.ms).toBeLessThanOrEqual(60_000 + 30_000);
    await run(120_000);
    expect(codes()).toEqual([undefined, undefined]);
  },
);

it("[A3] closes no socket in the first round after the hub did not run for minutes, and the silent ones in the next", async () => {
  const { hub, run, codes } = pingingHub();
  await run(120_000);
  await answered();
  hub.pass(180_000);
  hub.ring(); // late: no pings came through
  expect(codes()).toEqual([undefined, undefined]);
  const [first] = hub.pings.keys();
  if (first) hub.pings.set(first, hub.at.ms);
  await answered();
  hub.ring();
  expect(codes()).toEqual([undefined, 4408]);
});

it("[T15] closes no socket before its token ends where the clock was set back", async () => {
  const hub = new HubInMemory();
  const socket = hub.join({ sub: "u", expiresMs: hub.at.ms + 7_200_000, dialect: "legacy" });
  await answered();
  const setForMs = hub.alarmMs ?? expect.fail();
  hub.at = { ...hub.at, ms: hub.at.ms - 1_000 };
  hub.pass(3_600_000);
  hub.broker.maintenance.ring(setForMs);
  expect(socket.closed).toBeUndefined();
});

/** What the alarm serves, each of which may fail. */
const PIECES: readonly (readonly [name: string, breaks: (hub: HubInMemory, ended: RecordingSocket) => void])[] = [
  ["heartbeat", ({ broker }) => void vi.spyOn(broker.subscribers.fanout, "ephemeral").mockImplementation(fail)],
  ["sweep", ({ broker }) => void vi.spyOn(broker.sweep, "closeIdle").mockImplementation(fail)],
  ["expiry", (_, ended) => void vi.spyOn(ended, "close").mockImplementation(fail)],
  ["retention", ({ log }) => void vi.spyOn(log, "trim").mockImplementation(fail)],
  ["its facts", ({ log }) => void vi.spyOn(log, "oldestPiece", "get").mockImplementation(fail)],
  ["counting", ({ log }) => void vi.spyOn(log, "writeUsage").mockImplementation(fail)],
];

function fail(): never {
  throw new Error("It fails.");
}

it.each(PIECES)("[A4] does the rest of an alarm where %s fails, and sets the next", async (name, breaks) => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000, retention: { maxAgeMs: 1 } });
  hub.emit(1);
  hub.pass(3_600_000 - 2_000);
  const idle = hub.join();
  hub.pings.set(idle, hub.at.ms - 91_000);
  const ended = hub.join({ sub: "u", expiresMs: hub.at.ms + 1_000, dialect: "legacy" });
  const live = hub.join();
  await answered();
  hub.broker.subscribers.note(idle, { ...(hub.broker.subscribers.subscriberOf(idle) ?? expect.fail()), heardMs: 0 });
  breaks(hub, ended);
  hub.alarmMs = 3_600_000;
  expect(() => hub.ring()).not.toThrow();
  await answered();
  const done = {
    heartbeat: live
      .frames()
      .some(({ events }) => events?.some(({ type }: { type: string }) => type === "reactor_heartbeat")),
    sweep: idle.closed?.code === 4408,
    expiry: ended.closed?.code === 4401,
    retention: hub.log.oldest === 2,
  };
  const failing = name === "its facts" ? "retention" : name;
  for (const [piece, isDone] of Object.entries(done)) expect([piece, isDone]).toEqual([piece, piece !== failing]);
  expect(hub.reports.length).toBeGreaterThan(0);
  const nextMs = (hub.alarmMs ?? 0) - hub.at.ms;
  expect([nextMs > 0, nextMs <= 90_000]).toEqual([true, true]);
});

it("[A4] [T15] closes the others where one socket's end fails", async () => {
  const hub = new HubInMemory();
  const sockets = [1, 2, 3].map(() => hub.join({ sub: "u", expiresMs: hub.at.ms + 10_000, dialect: "legacy" }));
  const [, broken] = sockets;
  if (broken) broken.close = fail;
  await answered();
  hub.ring();
  expect(sockets.map(({ closed }) => closed?.code)).toEqual([4401, undefined, 4401]);
  expect(hub.reports.map(({ what }) => what)).toEqual(["The end of a token"]);
});

it("[A4] asks again where setting the alarm throws instead of rejecting", async () => {
  const hub = new HubInMemory(undefined, { heartbeatMs: 30_000 });
  hub.join();
  await answered();
  Object.defineProperty(hub, "alarmMs", { set: fail, get: () => 30_000, configurable: true });
  hub.pass(29_000);
  expect(() => hub.broker.maintenance.ring(30_000)).not.toThrow();
  await answered();
  expect(hub.reports.map(({ what }) => what)).toEqual(["The hub's alarm"]);
});

it.each([{ maxEvents: 100 }, { maxBytes: 12_000 }])(
  "[L7] [F7] collects events for a flush also while the log exceeds %j by less than a segment",
  (retention) => {
    const log = new SegmentLog(new StoreInMemory(), { generation: "0", freshEpoch: () => "never" });
    const hub = new HubInMemory(log, { retention, costOf: () => 50 });
    const socket = hub.join();
    let deletions = 0;
    for (let n = 0; n < 640; n++) {
      const { oldest } = log;
      hub.emit(1);
      if (log.oldest > oldest) deletions += 1;
    }
    expect(deletions).toBeGreaterThan(5);
    expect(socket.frames().length).toBeLessThanOrEqual(1 + 1 + 640 / 64 + deletions); // a deletion flushes before it
  },
);
