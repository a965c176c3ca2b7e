import { expect, it } from "vitest";
import { dueAt, type Facts, nextAlarm } from "../../../src/core/agenda.ts";

const hour = 3_600_000;
const facts = (part: Partial<Facts> = {}): Facts => ({
  connections: 0,
  oldestMs: null,
  heartbeatMs: 30_000,
  maxAgeMs: 72 * hour,
  expiryMs: null,
  ...part,
});

it("[A1] sets no alarm for a hub without sockets and without events", () => {
  expect(nextAlarm(1_000, facts())).toBeNull();
});

it("[A2] is due for a heartbeat at every multiple of its interval, while a socket is connected", () => {
  expect(nextAlarm(1_000, facts({ connections: 1 }))).toBe(30_000);
  expect(nextAlarm(29_999, facts({ connections: 1 }))).toBe(30_000);
  expect(nextAlarm(30_000, facts({ connections: 1 }))).toBe(60_000);
  expect(dueAt(300_000, facts({ connections: 1, heartbeatMs: 0 }))).toEqual(["sweep"]);
  expect(dueAt(30_000, facts({ connections: 1 }))).toEqual(["sweep", "heartbeat"]);
  expect(dueAt(30_000, facts())).toEqual([]); // the last socket closed meanwhile
});

it("[A4] deletes events within an hour after they reach their age", () => {
  const kept = facts({ oldestMs: 10 * hour + 5 });
  expect(nextAlarm(20 * hour, kept)).toBe(83 * hour);
  expect(dueAt(83 * hour, kept)).toEqual(["retention"]);
  expect(dueAt(82 * hour, kept)).toEqual([]);
});

it("[A4] continues at once if one step did not delete all of them", () => {
  const overdue = facts({ oldestMs: 0 });
  expect(nextAlarm(100 * hour, overdue)).toBe(100 * hour + 1);
  expect(dueAt(100 * hour + 1, overdue)).toEqual(["retention"]);
});

it("sets the alarm for the first task, and then returns all that are due", () => {
  const both = facts({ connections: 1, oldestMs: 0 });
  expect(nextAlarm(72 * hour + 1, both)).toBe(72 * hour + 30_000);
  expect(dueAt(72 * hour + 30_000, both)).toEqual(["sweep", "heartbeat"]);
  expect(dueAt(73 * hour, both)).toEqual(["sweep", "heartbeat", "retention"]);
});

it.each([
  [0, 300_000],
  [100, 30_000],
  [30_000, 30_000],
  [45_000, 45_000],
])("[A3] sweeps idle sockets, with a heartbeat of %i ms, every %i ms", (heartbeatMs, every) => {
  const some = facts({ connections: 1, heartbeatMs });
  expect(dueAt(every, some)).toContain("sweep");
  expect(dueAt(every / 2, some)).not.toContain("sweep");
  expect(dueAt(every, { ...some, connections: 0 })).toEqual([]);
});
