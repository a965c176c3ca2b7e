// Checks every variable before a route runs, those of the Hub too: else a hub would fail at its start, one channel at a time.
import { settingsOf } from "../../hub/settings.ts";
import { unexpected } from "./responses.ts";
import { withSecurityHeaders } from "./security-headers.ts";

/**
 * Has no CORS headers: which origins are allowed is a setting itself.
 *
 * @returns 500 `internal` while a variable is invalid, whose name stands in the log; `undefined` if all are valid
 */
export function refuseInvalidSettings(request: Request, env: Cloudflare.Env): Response | undefined {
  try {
    settingsOf(env);
    return undefined;
  } catch (error) {
    const reply = unexpected(error);
    withSecurityHeaders(reply);
    return request.method === "HEAD" ? new Response(null, reply) : reply;
  }
}
