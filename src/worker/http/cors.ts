// CORS: tells browsers which pages may read an answer. It protects no data: that is what keys and tokens do. itty-router's
// `cors()` loses the status and sets no `Vary`.
import { allowsOrigin } from "../../auth/origins.ts";
import { settingsOf } from "../../hub/settings.ts";
import { err, type Problem } from "../../wire/problem.ts";
import { options, refusal } from "./responses.ts";

/** How long a browser may cache a preflight, in seconds: the most that Chrome honours. */
const PREFLIGHT_SECONDS = 7_200;

/** A header's name (RFC 9110, 5.6.2), in lower case. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

/** Whether the request comes from a page of an origin that is not allowed. */
export function isForeign(request: Request, env: Cloudflare.Env): boolean {
  return !allowsOrigin(settingsOf(env).origins, request.headers.get("Origin"), new URL(request.url).origin);
}

export function foreignOrigin(request: Request): Problem {
  const origin = request.headers.get("Origin");
  const detail = `Origin ${origin} is not allowed: ALLOWED_ORIGINS of this hub does not list it.`;
  return err("foreign_origin", detail).problem;
}

/**
 * Adds the headers with which a page of an allowed origin may read the reply, refusals included. Never `*`, and no
 * credentials: cookies are not used. CORS does not apply to a socket's 101.
 *
 * @param reply with mutable headers: a fetched one MUST be copied by its route. To copy all would make a stream of each body
 */
export function withCors(reply: Response, request: Request, env: Cloudflare.Env): Response {
  if (reply.status === 101) return reply;
  // Without an Origin too: a cache must not serve that reply to a page. The edge and `npm start` compress what passes, and
  // `npm start` does not say so. A HEAD passes twice (`router`).
  if (!reply.headers.get("Vary")?.includes("Origin")) reply.headers.append("Vary", "Origin, Accept-Encoding");
  const origin = request.headers.get("Origin");
  if (origin === null || isForeign(request, env)) return reply;
  reply.headers.set("Access-Control-Allow-Origin", origin);
  reply.headers.set("Access-Control-Expose-Headers", "ETag, Retry-After");
  return reply;
}

/** Answers a preflight: any header may be sent, because tracing libraries add theirs. @param allow the route's methods */
export function preflight(allow: string) {
  return (request: Request, env: Cloudflare.Env): Response => {
    if (isForeign(request, env)) return refusal(foreignOrigin(request));
    const reply = options(allow);
    if (request.headers.get("Access-Control-Request-Method") === null) return reply;
    const asked = (request.headers.get("Access-Control-Request-Headers") ?? "").split(",");
    const names = asked.map((name) => name.trim().toLowerCase()).filter((name) => HEADER_NAME.test(name));
    const allowed = new Set(["authorization", "content-type", ...names]);
    reply.headers.set("Access-Control-Allow-Methods", allow);
    reply.headers.set("Access-Control-Allow-Headers", [...allowed].join(", "));
    reply.headers.set("Access-Control-Max-Age", String(PREFLIGHT_SECONDS));
    reply.headers.append("Vary", "Access-Control-Request-Headers");
    return reply;
  };
}
