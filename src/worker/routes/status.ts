// Status and stats, for operators and legacy pages. Times are in seconds. Clients are counted and never named; the names
// of types are shown to clients that may hear them.

import { tokenOf } from "../../core/access/revocations.ts";
import { mayHear } from "../../core/access/rights.ts";
import type { REACTOR_EVENTS } from "../../core/bus/event-names.ts";
import type { HubStatus } from "../../hub/hub-status.ts";
import { ok, type Result } from "../../wire/problem.ts";
import { callHubForResult } from "../call-hub.ts";
import { type Authorized, authorizeMonitor, authorizeReader } from "../http/authorize.ts";

/** What the legacy server listed, and its pages count (`core/bus/event-names`). */
const LISTED: readonly (keyof typeof REACTOR_EVENTS)[] = [
  "AI_METRICS_UPDATED",
  "NEWS_PROCESSED",
  "DIGEST_CREATED",
  "EVENT_DETECTED",
  "USER_ACTION",
  "SYSTEM_HEALTH_CHECK",
  "REACTOR_HEARTBEAT",
];

export const MONITOR_PARAMETERS = ["channel", "token"] as const;

/** `GET /ws/status` */
export async function status(request: Request, env: Cloudflare.Env): Promise<Result<unknown>> {
  const hub = await ask(await authorizeMonitor(request, env), env);
  if (!hub.ok) return hub;
  const { connections: connected_clients } = hub.value;
  return ok({ status: "active", connected_clients, stats: totals(hub.value), reactor_events: LISTED });
}

/** `GET /ws/stats` */
export async function stats(request: Request, env: Cloudflare.Env): Promise<Result<unknown>> {
  const hub = await ask(await authorizeReader(request, env), env);
  return hub.ok ? ok(numbers(hub.value)) : hub;
}

async function ask(authorized: Result<Authorized>, env: Cloudflare.Env): Promise<Result<HubStatus>> {
  if (!authorized.ok) return authorized;
  const { rights } = authorized.value;
  const status = await callHubForResult(authorized.value, env, (hub, refusals) =>
    hub.statusFor(tokenOf(rights), refusals),
  );
  if (!status.ok) return status;
  const byType = Object.entries(status.value.byType).filter(([type]) => mayHear(rights, type));
  return ok({ ...status.value, byType: Object.fromEntries(byType) });
}

/** What the legacy server called `stats`. */
export function totals({ connections, emitted, lastMs }: Pick<HubStatus, "connections" | "emitted" | "lastMs">) {
  return { connected_clients: connections, events_emitted_total: emitted, last_event_timestamp: seconds(lastMs) };
}

function numbers(hub: HubStatus) {
  const { connections, catchingUp, cursor, oldest, emitted, lastMs, byType, bytes } = hub;
  const { deliveries, wakes, rowsWritten, requests } = hub;
  return {
    connected_clients: connections,
    ws_active_connections: connections,
    ws_events_emitted_total: emitted,
    ws_last_event_ts: seconds(lastMs), // null before the first event
    reactor_events_subscribed: LISTED.length,
    ws_catching_up: catchingUp,
    ws_deliveries_total: deliveries,
    cursor,
    events_kept: emitted + 1 - oldest,
    bytes_kept: bytes,
    events_by_type: byType,
    wakes,
    rows_written: rowsWritten,
    requests,
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
