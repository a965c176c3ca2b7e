import { expect, it } from "vitest";
import { statusOf } from "../../../../src/dashboard/glance/channel-status.ts";
import type { Entry } from "../../../../src/dashboard/visit/visit.ts";

const entry = (change: Partial<Entry>): Entry => ({
  reactor: undefined as never,
  credential: null,
  ask: null,
  wasIn: true,
  state: "connected",
  sinceMs: 0,
  lostMs: null,
  retryAtMs: null,
  attempts: 0,
  ended: null,
  refusal: null,
  ...change,
});
const ask = { reason: "missing", detail: "" } as const;

it.each([
  ["connecting", { state: "connecting", wasIn: false }, "unknown"],
  ["live", {}, "healthy"],
  ["live", {}, "unknown"],
  ["reconnecting", { state: "reconnecting" }, "unknown"],
  ["reconnecting", { state: "connecting", attempts: 2 }, "unknown"],
  ["locked", { state: "closed", ask }, "unknown"],
  ["disabled", {}, "disabled"],
  ["foreign", { state: "closed", ended: { code: "foreign_origin", detail: "" } }, "unknown"],
  ["failing", {}, "failing"],
  ["failing", { state: "reconnecting", attempts: 1 }, "failing"],
  ["ended", { state: "closed", ended: { code: "protocol_error", detail: "" } }, "failing"],
] as const)("[D13] is %s for %j of a hub that is %s", (status, change, health) => {
  expect(statusOf(entry(change), health)).toBe(status);
});
