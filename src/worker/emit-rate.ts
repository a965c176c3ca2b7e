// The rate limit of emits per publisher: counted by Cloudflare where wrangler.toml binds EMIT_LIMIT, else unlimited.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
import { type Rights, senderOf } from "../core/access/rights.ts";
import { err, ok, type Result } from "../wire/problem.ts";

/** Counts requests, not events: a batch is one. Each `sub` has its own limit, and all keys share one. */
export async function checkRate(rights: Rights, env: Cloudflare.Env): Promise<Result<void>> {
  const outcome = await env.EMIT_LIMIT?.limit({ key: senderOf(rights) ?? "key" });
  if (outcome?.success !== false) return ok(undefined);
  return err("rate_limited", "Too many requests: send events in batches, or retry later.");
}
