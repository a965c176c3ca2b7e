import { expect, it } from "vitest";
import { billOf } from "../../../tools/cost/cost-bill.ts";
import { commitsPerSegment, ROWS, USUAL, usageOf } from "../../../tools/cost/cost-model.ts";
import { BILLED_ROWS, EVENTS_PER_SEGMENT } from "../../contracts/billed-rows.ts";

const bill = (load: Partial<typeof USUAL>) => billOf(usageOf({ ...USUAL, ...load }));

it("uses the rows that the runtime bills", () => {
  expect(ROWS).toEqual(BILLED_ROWS);
  for (const [eventBytes, events] of EVENTS_PER_SEGMENT) {
    expect(commitsPerSegment({ ...USUAL, eventBytes })).toBe(events);
  }
});

it("charges only the plan for what the plan includes", () => {
  const { total, pings } = bill({ clients: 10, eventsPerSecond: 0.01 });
  expect(total).toBe(5);
  expect(pings).toBe(0);
});

it("charges what exceeds the plan, line by line", () => {
  // 10,000 clients, 10 events/s with ids: 25.92 M POSTs; 0.6 M upgrades, each of which missed 600 events or 10 pages, so 9 acks;
  // 86,400 heartbeats; 1.002 rows per event, one more per 7 of them, and 2 per heartbeat: less than the plan includes.
  const { worker, hubRequests, rows, hubDuration, storage } = bill({
    clients: 10_000,
    eventsPerSecond: 10,
    withIds: true,
  });
  expect(worker).toBeCloseTo((25.92 + 0.6 - 10) * 0.3, 6);
  expect(hubRequests).toBeCloseTo((25.92 + 0.6 + 0.0864 + (0.6 * 9) / 20 - 1) * 0.15, 6);
  expect(rows).toBe(0);
  expect(bill({ clients: 10_000, eventsPerSecond: 100, withIds: true }).rows).toBeCloseTo(
    259.2 * (1.002 + 1 / 7) + 0.0864 * 2 - 50,
    6,
  );
  expect(hubDuration).toBe(0); // one hub cannot exceed what is included
  expect(storage).toBe(0);
});

it("charges a POST of many events as one row, and one more per 32 kB", () => {
  const rows = (eventsPerPost: number) =>
    usageOf({ ...USUAL, clients: 0, eventsPerSecond: 100, eventsPerPost }).rowsWritten / (259.2e6 / eventsPerPost);
  expect(rows(100)).toBeCloseTo(2 * 2 + 0.2, 1); // 50 kB, and a share of the counters
  expect(rows(1_000)).toBeCloseTo(2 * 16 + 2, 1); // 500 kB
});

it("charges for notes of ids where a full log deletes events within ten minutes", () => {
  const slow = usageOf({ ...USUAL, eventsPerSecond: 166, withIds: true }).rowsWritten / 166;
  const fast = usageOf({ ...USUAL, eventsPerSecond: 168, withIds: true }).rowsWritten / 168;
  expect(fast / slow).toBeCloseTo((1.145 + 0.004) / 1.145, 3);
});

it("charges the active time of many hubs, and states the cost of their idle seconds, at most those of the whole month", () => {
  const month = 30 * 86_400 * 0.128;
  const { hubDuration, idle } = bill({ channels: 100, clients: 100_000, eventsPerSecond: 1_000 });
  // Per second and hub 10 POSTs of 1 ms, and 0.08 ms for each of 1,000 sockets: 0.81 s, besides 69 upgrades per hour.
  expect(hubDuration / (((0.81 * 100 * month - 400_000) / 1e6) * 12.5)).toBeCloseTo(1, 2);
  expect(hubDuration + idle).toBeCloseTo(((100 * month - 400_000) / 1e6) * 12.5, 6);
});

it("lets channels without subscribers sleep, except for retention every hour", () => {
  const { hubRequests } = usageOf({ ...USUAL, clients: 0, channels: 10, eventsPerSecond: 0 });
  expect(hubRequests).toBe(10 * 720);
});
