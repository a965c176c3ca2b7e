// Emits what code has passed, of another Worker by RPC or of this one: any value may have come, so it is checked as if it were `unknown`.
import type { Receipt } from "../core/log/receipt.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { describeValue } from "../wire/describe-value.ts";
import { isPlainObject } from "../wire/json.ts";
import { err, ok, type Problem, type Result } from "../wire/problem.ts";
import { parseDrafts } from "./body/parse-drafts.ts";
import { emitTo } from "./call-hub.ts";
import { type ChannelStub, channelNamed } from "./channel-stub.ts";
import { checkEnabled } from "./check-enabled.ts";
import { countRefusal } from "./refusals.ts";

/** @returns the receipt, or why nothing was stored */
export async function emitByCall(env: Cloudflare.Env, events: unknown, options: unknown): Promise<Result<Receipt>> {
  const named = channelBy(options, env);
  const enabled = checkEnabled(env);
  if (!enabled.ok) return named.ok ? refusedIn(named.value, enabled.problem) : enabled;
  if (!named.ok) return named;
  const drafts = parseDrafts(events);
  if (!drafts.ok) return refusedIn(named.value, drafts.problem);
  const receipt = await emitTo(named.value, env, drafts.value);
  return receipt.ok ? ok(JSON.parse(receipt.value) as Receipt) : receipt;
}

function refusedIn({ name }: ChannelStub, problem: Problem): Result<never> {
  countRefusal(name, problem);
  return { ok: false, problem };
}

/** The hub of the channel that options name, or why there is none. */
export function channelBy(options: unknown, env: Cloudflare.Env): Result<ChannelStub> {
  const channel = channelIn(options);
  return channel.ok ? channelNamed(channel.value, env) : channel;
}

/** A misspelt option is refused: without it, events that are meant for a guarded channel would go to `main`. */
function channelIn(options: unknown): Result<unknown> {
  if (!isPlainObject(options)) {
    return err("bad_options", `Options are {channel}; this is ${describeValue(options)}.`);
  }
  const { channel = DEFAULT_CHANNEL, ...others } = options;
  const [unknown] = Object.keys(others);
  return unknown === undefined
    ? ok(channel)
    : err("bad_options", `Options are {channel}; there is no option ${describeValue(unknown)}.`);
}
