// The RPC entry point, for other Workers: bind this service with `entrypoint = "ReactorApi"`, then
// `await env.REACTOR.emit({ type: "news_processed", data })`. A Worker that has the binding may emit. Its JavaScript may
// pass anything that RPC takes, so every argument is `unknown` here, whatever its type says to callers.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Receipt } from "../core/log/receipt.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { describeValue } from "../wire/describe-value.ts";
import { isPlainObject } from "../wire/json.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { parseDrafts } from "./body/parse-drafts.ts";
import { channelNamed } from "./channel-stub.ts";
import { checkEnabled } from "./check-enabled.ts";

export class ReactorApi extends WorkerEntrypoint<Cloudflare.Env> {
  /**
   * Emits one event or an array of events. An array is taken whole or not at all.
   *
   * @param events `{type, data?, source?, timestamp?, id?}`, or 1 to 1,000 of them with at most 4 MiB together. `data`
   *   holds plain objects, arrays, strings, finite numbers, booleans, null and valid Dates, and nothing else
   * @param options `{channel?}`, the channel `main` without it
   * @returns `{ok: true, value: {cursor, events: [{id, seq, duplicate}]}}` once they are durable, or
   *   `{ok: false, problem: {code, detail, pointer?}}`; then nothing was stored
   */
  async emit(events: unknown, options: unknown = {}): Promise<Result<Receipt>> {
    const enabled = checkEnabled(this.env);
    if (!enabled.ok) return enabled;
    const channel = channelIn(options);
    if (!channel.ok) return channel;
    const named = channelNamed(channel.value, this.env);
    if (!named.ok) return named;
    const drafts = parseDrafts(events);
    return drafts.ok ? await named.value.hub.emit(drafts.value) : drafts;
  }
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
