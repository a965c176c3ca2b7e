// What the Worker last knew of a hub. Kept for a while: a monitor that asks every second would keep the hub awake.
import type { TokenIdentity } from "../core/access/revocations.ts";
import { errorText } from "../core/printable.ts";
import type { HubStatus } from "../hub/hub-status.ts";
import { ok, type Result } from "../wire/problem.ts";
import type { ChannelStub } from "./channel-stub.ts";

const KEPT_MS = 30_000;

/** Of the channels that were asked for last; a channel's name is at most 64 bytes. */
const MAX_KEPT = 1_000;

/** A hub's answer and when it came, in Unix time in ms. */
export interface KnownHub {
  readonly status: HubStatus;
  readonly knownMs: number;
}

/** By channel. An `env` lives as long as its isolate. */
const kept = new WeakMap<Cloudflare.Env, Map<string, KnownHub>>();

/** @returns the hub's answer, at most 30 s old; `null` if it does not answer, which is logged and not kept */
export async function knownHub({ name, hub }: ChannelStub, env: Cloudflare.Env): Promise<KnownHub | null> {
  const known = lastKnown(name, env);
  if (known && Date.now() - known.knownMs < KEPT_MS) return known;
  try {
    const fresh = { status: await hub.status(), knownMs: Date.now() };
    keep(name, fresh, env);
    return fresh;
  } catch (error) {
    console.error(`The hub of channel ${name} did not tell its status.`, errorText(error));
    return null;
  }
}

/**
 * The same for a client with a token, which is asked about each time: what is kept says nothing of revoked tokens.
 *
 * @returns also `unauthorized`, if the token was revoked
 */
export async function hubFor(token: TokenIdentity, { name, hub }: ChannelStub): Promise<Result<KnownHub | null>> {
  try {
    const status = await hub.statusFor(token);
    return status.ok ? ok({ status: status.value, knownMs: Date.now() }) : status;
  } catch (error) {
    console.error(`The hub of channel ${name} did not tell its status.`, errorText(error));
    return ok(null);
  }
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
