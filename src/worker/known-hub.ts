// What the Worker last knew of a hub. Kept for a while: a monitor that asks every second would keep the hub awake.
import type { TokenIdentity } from "../core/access/revocations.ts";
import { errorText } from "../core/printable.ts";
import type { HubStatus } from "../hub/hub-status.ts";
import { ok, type Result } from "../wire/problem.ts";
import { callHub, callHubForResult } from "./call-hub.ts";
import type { ChannelStub } from "./channel-stub.ts";

const KEPT_MS = 30_000;

/** Of the channels that were asked for last; a channel's name is at most 128 bytes. */
const MAX_KEPT = 1_000;

/** What is kept of a hub's answer, without its counts by type, and when it came, in Unix time in ms. */
export interface KnownHub
  extends Pick<HubStatus, "connections" | "isRunning" | "listeners" | "emitted" | "bornMs" | "lastMs"> {
  readonly knownMs: number;
}

/** By channel. An `env` lives as long as its isolate. */
const kept = new WeakMap<Cloudflare.Env, Map<string, KnownHub>>();

/** @returns the hub's answer, at most 30 s old; `null` if it does not answer, which is logged and not kept */
export async function knownHub(channel: ChannelStub, env: Cloudflare.Env): Promise<KnownHub | null> {
  const { name } = channel;
  const known = lastKnown(name, env);
  const ageMs = Date.now() - (known?.knownMs ?? 0);
  if (known && ageMs >= 0 && ageMs < KEPT_MS) return known; // below 0 the clock was set back: how old it is cannot be known
  try {
    const status = await callHub(channel, env, (hub, refusals) => hub.status(refusals));
    if (!status.ok) return null;
    const fresh = keptOf(status.value);
    keep(name, fresh, env);
    return fresh;
  } catch (error) {
    reportSilent(name, error);
    return null;
  }
}

/**
 * The same for a client with a token, which is asked about each time: what is kept says nothing of revoked tokens.
 *
 * @returns also `unauthorized`, if the token was revoked
 */
export async function hubFor(
  token: TokenIdentity,
  channel: ChannelStub,
  env: Cloudflare.Env,
): Promise<Result<KnownHub | null>> {
  try {
    const status = await callHubForResult(channel, env, (hub, refusals) => hub.statusFor(token, refusals));
    if (status.ok) return ok(keptOf(status.value));
    return status.problem.code === "log_unavailable" ? ok(null) : status;
  } catch (error) {
    reportSilent(channel.name, error);
    return ok(null);
  }
}

function keptOf({ connections, isRunning, listeners, emitted, bornMs, lastMs }: HubStatus): KnownHub {
  return { connections, isRunning, listeners, emitted, bornMs, lastMs, knownMs: Date.now() };
}

function reportSilent(channel: string, error: unknown): void {
  console.error(`The hub of channel ${channel} did not tell its status.`, errorText(error));
}

/** @returns the last answer of a channel's hub, however old */
export function lastKnown(channel: string, env: Cloudflare.Env): KnownHub | undefined {
  return kept.get(env)?.get(channel);
}

function keep(channel: string, known: KnownHub, env: Cloudflare.Env): void {
  const all = kept.get(env) ?? new Map<string, KnownHub>();
  kept.set(env, all);
  all.delete(channel); // so that it is the newest
  all.set(channel, known);
  const [oldest] = all.keys();
  if (oldest !== undefined && all.size > MAX_KEPT) all.delete(oldest);
}
