import { expect, it } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
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

it.each([{ maxEvents: 100 }, { maxBytes: 12_000 }])(
  "[L7] [F7] collects events for a flush also while the log exceeds %j by less than a segment",
  (retention) => {
    const log = new SegmentLog(new StoreInMemory(), { generation: "0", freshEpoch: () => "never" });
    const hub = new HubInMemory(log, { retention, pauseAfter: () => 50 });
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
