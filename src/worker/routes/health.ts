// Health, for monitors: a channel's hub, and the Worker. What a hub says is kept (`known-hub`), and `timestamp` is when it said
// so. Times are in seconds.
import { tokenOf } from "../../core/access/revocations.ts";
import { DEFAULT_CHANNEL } from "../../wire/channel.ts";
import { ok } from "../../wire/problem.ts";
import { channelNamed } from "../channel-stub.ts";
import { authorizeMonitor } from "../http/authorize.ts";
import { refuse } from "../http/refuse.ts";
import { json } from "../http/responses.ts";
import { hubFor, type KnownHub, knownHub, lastKnown } from "../known-hub.ts";
import { VERSION } from "../version.ts";
import { totals } from "./status.ts";

/** How long `/health` waits for a hub. */
const PATIENCE_MS = 1_000;

/** `GET /ws/health`: 503 if the hub does not answer or is disabled, so that a monitor can fail on the status alone. */
export async function hubHealth(request: Request, env: Cloudflare.Env): Promise<Response> {
  const authorized = await authorizeMonitor(request, env);
  if (!authorized.ok) return refuse(request, authorized.problem);
  const { rights, ...channel } = authorized.value;
  const hasToken = rights.sub !== null || rights.jti !== undefined;
  const asked = hasToken ? await hubFor(tokenOf(rights), channel, env) : ok(await knownHub(channel, env));
  if (!asked.ok) return refuse(request, asked.problem);
  const { value: known } = asked;
  if (known === null) {
    const reactor = { status: "error", error: "The hub did not answer." };
    return json({ reactor, websocket: null, timestamp: Date.now() / 1_000 }, 503);
  }
  const { connections, isRunning, listeners, emitted, bornMs, knownMs } = known;
  const reactor = {
    status: conditionOf(known),
    listeners,
    events_emitted: emitted,
    uptime: bornMs === null ? 0 : Math.max(0, knownMs - bornMs) / 1_000, // since the channel's first event
  };
  const websocket = { active_connections: connections, stats: totals(known) };
  return json({ reactor, websocket, timestamp: knownMs / 1_000 }, isRunning ? 200 : 503);
}

/** `GET /health`: 200 while the Worker serves, whatever it knows of the default channel's hub. */
export async function workerHealth(_: Request, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response> {
  return json({ status: "healthy", version: VERSION, hub: await defaultHub(env, ctx) });
}

async function defaultHub(env: Cloudflare.Env, ctx: ExecutionContext) {
  const channel = channelNamed(DEFAULT_CHANNEL, env);
  if (!channel.ok) throw new Error(channel.problem.detail);
  const asked = knownHub(channel.value, env);
  ctx.waitUntil(asked); // the next request is told, if this one is not
  const late = new Promise<"late">((resolve) => setTimeout(resolve, PATIENCE_MS, "late"));
  const known = await Promise.race([asked, late]);
  if (known === null) return { status: "error", timestamp: Date.now() / 1_000 };
  const last: KnownHub | undefined = known === "late" ? lastKnown(DEFAULT_CHANNEL, env) : known;
  return last ? { status: conditionOf(last), timestamp: last.knownMs / 1_000 } : { status: "unknown", timestamp: null };
}

function conditionOf({ isRunning }: KnownHub): "healthy" | "disabled" {
  return isRunning ? "healthy" : "disabled";
}
