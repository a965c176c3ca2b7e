// The handshake by which a sender of CloudEvents asks whether it may deliver: OPTIONS with `WebHook-Request-Origin`.
// https://github.com/cloudevents/spec: cloudevents/http-webhook.md, 4
import { settingsOf } from "../../hub/settings.ts";
import { describeValue } from "../../wire/describe-value.ts";
import { err } from "../../wire/problem.ts";
import { refusal } from "./responses.ts";

/**
 * Makes the answer to a sender that asks. It is told yes at once, so that a `WebHook-Request-Callback` is not needed.
 *
 * @param allow the route's methods
 * @returns a handler that returns `undefined` for a request that is no handshake, such as a preflight
 */
export function webhookHandshake(allow: string) {
  return ({ headers }: Request, env: Cloudflare.Env): Response | undefined => {
    const sender = headers.get("WebHook-Request-Origin");
    if (sender === null) return undefined;
    if (!settingsOf(env).webhookOrigins.has(sender.trim().toLowerCase())) {
      const detail = `The sender ${describeValue(sender)} is not allowed: WEBHOOK_ORIGINS of this hub does not list it.`;
      return refusal(err("foreign_origin", detail).problem, { Allow: allow });
    }
    const asked = headers.get("WebHook-Request-Rate");
    if (asked !== null && !/^[1-9]\d{0,15}$/.test(asked)) {
      const detail = `WebHook-Request-Rate must be a whole number of requests per minute; this is ${describeValue(asked)}.`;
      return refusal(err("bad_limit", detail).problem, { Allow: allow });
    }
    const reply = new Response(null, { status: 200, headers: { Allow: allow, "WebHook-Allowed-Origin": sender } });
    // How much EMIT_LIMIT allows only Cloudflare knows; a sender that exceeds it is answered 429, as it has to expect.
    const rate = env.EMIT_LIMIT === undefined ? "*" : asked;
    if (rate !== null) reply.headers.set("WebHook-Allowed-Rate", rate);
    return reply;
  };
}
