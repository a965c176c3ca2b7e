import { expect, it } from "vitest";
import { healthOf, readStats } from "../../../../src/dashboard/glance/hub-stats.ts";

it("[D4] reads the hub's figures, and accepts only what they are", () => {
  const body = {
    connected_clients: 2,
    ws_events_emitted_total: 7,
    ws_deliveries_total: 14,
    ws_last_event_ts: 1_796_000_000.5,
    cursor: "k3x9.7",
    events_kept: "<b>",
    bytes_kept: 0,
  };
  expect(readStats(body)).toEqual({
    clients: 2,
    replaying: null,
    taken: 7,
    deliveries: 14,
    lastEventMs: 1_796_000_000_500,
    head: { epoch: "k3x9", seq: 7 },
    kept: null,
    bytesKept: 0,
  });
  expect(readStats({ cursor: "<b>" })).toMatchObject({ head: null, lastEventMs: null });
});

const refused = (status: number, body = {}) => ({ ok: false, isKeyRefused: false, detail: "", status, body }) as const;

it("[D13] tells a hub that is disabled from one that fails, and from one that was not reached", () => {
  expect(healthOf({ ok: true, body: {} })).toBe("healthy");
  expect(healthOf(refused(503, { reactor: { status: "disabled" } }))).toBe("disabled");
  expect(healthOf(refused(503, { reactor: { status: "error" } }))).toBe("failing");
  expect(healthOf(refused(503, { code: "log_unavailable" }))).toBe("failing");
  expect(healthOf(refused(401))).toBe("unknown");
  expect(healthOf(refused(0))).toBe("unknown");
});
