import { expect, it } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { statusOf } from "../../../src/hub/hub-status.ts";

it("has a log's head, and its counters", () => {
  const log = new MemoryLog();
  const health = { status: "healthy", listeners: 2, events_emitted: 9, uptime: 1 } as const;
  expect(statusOf(log, { count: 3, catchingUp: 1 }, health)).toMatchObject({
    connections: 3,
    catchingUp: 1,
    cursor: "0.0",
    oldest: 1,
    emitted: 0,
    lastMs: null,
  });
  log.append([{ seq: 1, type: "a", event: "{}", bytes: 2, key: null }], "abc", 1_000);
  log.usage.requests += 2;
  log.usage.messages += 1;
  log.usage.counts.delivered(6);
  expect(statusOf(log, { count: 0, catchingUp: 0 }, health)).toEqual({
    connections: 0,
    catchingUp: 0,
    isRunning: true,
    listeners: 2,
    cursor: "abc.1",
    oldest: 1,
    emitted: 1,
    bornMs: 1_000,
    lastMs: 1_000,
    byType: { a: 1 },
    bytes: 2,
    deliveries: 6,
    wakes: 0,
    rowsWritten: 1,
    requests: 2.05,
  });
});
