// `GET /api/connections`: what the sockets of a channel are doing, and what was counted of them, for an operator. By object, since
// a channel may have more than its hub.
import type { KindCount, SlowSocket } from "../../core/counts/survey.ts";
import type { HubConnections } from "../../hub/hub-connections.ts";
import { ok, type Result } from "../../wire/problem.ts";
import { callHub } from "../call-hub.ts";
import { authorizeOperatorIn } from "../http/authorize.ts";

/** @returns one entry for each object */
export async function connections(request: Request, env: Cloudflare.Env): Promise<Result<unknown>> {
  const channel = await authorizeOperatorIn(request, env, ["channel"]);
  if (!channel.ok) return channel;
  const hub = await callHub(channel.value, env, (stub, refusals) => stub.connections(refusals));
  if (!hub.ok) return hub;
  return ok({ channel: channel.value.name, cursor: hub.value.cursor, objects: [objectOf("hub", hub.value)] });
}

function objectOf(object: string, { nowMs, survey, totals }: HubConnections) {
  const { kinds, lag, slowest } = survey;
  return {
    object,
    connections: kinds.map((kind) => ({ ...kindOf(kind), count: kind.count })),
    lag: lag.map(({ upTo, count }) => ({ up_to_events: upTo, count })),
    slowest: slowest.map((socket) => slowOf(socket, nowMs)),
    opened_total: totals.opened,
    closes_total: totals.closes,
    refusals_total: totals.refusals,
    resets_total: totals.resets,
    replays_total: totals.replays,
    deliveries_total: totals.deliveries,
  };
}

function slowOf(socket: SlowSocket, nowMs: number) {
  const { clientId, sub, lag, buffered, heardMs } = socket;
  return {
    client_id: clientId,
    sub,
    ...kindOf(socket),
    lag_events: lag,
    buffered_bytes: buffered,
    heard_ms_ago: Math.max(0, nowMs - heardMs),
  };
}

/** The legacy dialect has no encodings. */
function kindOf({ dialect, encoding, isLive }: Omit<KindCount, "count">) {
  const state = isLive ? "live" : "catching_up";
  return dialect === "legacy" ? { dialect, state } : { dialect, encoding: encoding ?? "text", state };
}
