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

it("[A1] sets no alarm for a hub with nobody connected and nothing to keep", () => {
  expect(nextAlarm(1_000, facts())).toBeNull();
});

it("[A2] beats at every multiple of its interval, while somebody is connected", () => {
  expect(nextAlarm(1_000, facts({ connections: 1 }))).toBe(30_000);
  expect(nextAlarm(29_999, facts({ connections: 1 }))).toBe(30_000);
  expect(nextAlarm(30_000, facts({ connections: 1 }))).toBe(60_000);
  expect(dueAt(300_000, facts({ connections: 1, heartbeatMs: 0 }))).toEqual(["sweep"]);
  expect(dueAt(30_000, facts({ connections: 1 }))).toEqual(["sweep", "heartbeat"]);
  expect(dueAt(30_000, facts())).toEqual([]); // the last one left meanwhile
});

it("[A4] lets events go within the hour after their age is reached", () => {
  const kept = facts({ oldestMs: 10 * hour + 5 });
  expect(nextAlarm(20 * hour, kept)).toBe(83 * hour);
  expect(dueAt(83 * hour, kept)).toEqual(["retention"]);
  expect(dueAt(82 * hour, kept)).toEqual([]);
});

it("[A4] goes on at once where one step did not let all of them go", () => {
  const overdue = facts({ oldestMs: 0 });
  expect(nextAlarm(100 * hour, overdue)).toBe(100 * hour + 1);
  expect(dueAt(100 * hour + 1, overdue)).toEqual(["retention"]);
});

it("rings for whatever comes first, and then does what is due", () => {
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
])("[A3] looks for ghosts with a heartbeat of %i ms every %i", (heartbeatMs, every) => {
  const some = facts({ connections: 1, heartbeatMs });
  expect(dueAt(every, some)).toContain("sweep");
  expect(dueAt(every / 2, some)).not.toContain("sweep");
  expect(dueAt(every, { ...some, connections: 0 })).toEqual([]);
});
