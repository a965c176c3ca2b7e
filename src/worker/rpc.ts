// The door for other Workers, without HTTP between: bind this service with `entrypoint = "ReactorApi"`, then
// `await env.REACTOR.emit({ type: "news_processed", data })`. Whoever is given the binding may emit.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Receipt } from "../core/log/receipt.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import type { Result } from "../wire/problem.ts";
import { parseDrafts } from "./body/parse-drafts.ts";
import { channelNamed } from "./channel-stub.ts";

export class ReactorApi extends WorkerEntrypoint<Cloudflare.Env> {
  /**
   * Emits one event or an array of them, which is taken whole or not at all.
   *
   * @param events `{type, data?, source?, timestamp?, id?}`, or 1 to 1,000 of them
   * @returns `{ok: true, value: {cursor, events: [{id, seq, duplicate}]}}` once they are durable, or
   *   `{ok: false, problem: {code, detail, pointer?}}`; then nothing was stored
   */
  async emit(events: unknown, { channel = DEFAULT_CHANNEL }: { channel?: string } = {}): Promise<Result<Receipt>> {
    const named = channelNamed(channel, this.env);
    if (!named.ok) return named;
    const drafts = parseDrafts(events);
    return drafts.ok ? await named.value.hub.emit(drafts.value) : drafts;
  }
}
