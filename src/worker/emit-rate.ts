// How often one publisher may emit: counted by Cloudflare, where wrangler.toml binds EMIT_LIMIT, and not at all elsewhere.
// https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
import { type Rights, senderOf } from "../core/access/rights.ts";
import { err, ok, type Result } from "../wire/problem.ts";

/** Requests, not events: a batch is one. Each person has an allowance of their own, and all keys one together. */
export async function checkRate(rights: Rights, env: Cloudflare.Env): Promise<Result<void>> {
  const outcome = await env.EMIT_LIMIT?.limit({ key: senderOf(rights) ?? "key" });
  if (outcome?.success !== false) return ok(undefined);
  return err("rate_limited", "That is too many requests: send events in batches, or later.");
}
