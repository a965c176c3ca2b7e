// Letting pages of other origins ask, by CORS. It guards nobody's data: who may is settled by keys; it tells browsers
// which pages may read an answer. itty-router's `cors()` does not do: it loses the status, and knows no `Vary`.
import { allowsOrigin } from "../../auth/origins.ts";
import { err } from "../../wire/problem.ts";
import { configOf } from "../config.ts";
import { options, refusal } from "./responses.ts";

/** Seconds for which a browser need not ask again: the most that Chrome keeps to. */
const PREFLIGHT_SECONDS = 7_200;

/** Whether the page that asks, if it is one, is of an origin that may. */
export function isForeign(request: Request, env: Cloudflare.Env): boolean {
  return !allowsOrigin(configOf(env).origins, request.headers.get("Origin"), new URL(request.url).origin);
}

export function foreignOrigin(request: Request): Response {
  const origin = request.headers.get("Origin");
  const { problem } = err(
    "foreign_origin",
    `Pages of ${origin} may not: ALLOWED_ORIGINS of this hub does not list it.`,
  );
  return refusal(problem);
}

/**
 * The reply as a page may read it, if its origin may: refusals too, for they say what is wrong. Never `*`, and no
 * credentials: nothing here looks at cookies. A socket's 101 is no matter of CORS.
 */
export function withCors(reply: Response, request: Request, env: Cloudflare.Env): Response {
  if (reply.status === 101) return reply;
  const open = new Response(reply.body, reply); // a reply that came from elsewhere has headers of stone
  // Without an Origin too: a cache must not hand that reply to a page. A HEAD comes by twice (`routes`).
  if (!open.headers.get("Vary")?.includes("Origin")) open.headers.append("Vary", "Origin");
  const origin = request.headers.get("Origin");
  if (origin === null || isForeign(request, env)) return open;
  open.headers.set("Access-Control-Allow-Origin", origin);
  return open;
}

/** `OPTIONS`: what a browser asks before it lets a page send more than a form could. @param allow the route's methods */
export function preflight(allow: string) {
  return (request: Request, env: Cloudflare.Env): Response => {
    if (isForeign(request, env)) return foreignOrigin(request);
    const reply = options(allow);
    if (request.headers.get("Access-Control-Request-Method") === null) return reply;
    const asked = (request.headers.get("Access-Control-Request-Headers") ?? "").split(",");
    const attributes = asked.map((name) => name.trim().toLowerCase()).filter((name) => /^ce-[a-z0-9]+$/.test(name));
    reply.headers.set("Access-Control-Allow-Methods", allow);
    reply.headers.set("Access-Control-Allow-Headers", ["authorization", "content-type", ...attributes].join(", "));
    reply.headers.set("Access-Control-Max-Age", String(PREFLIGHT_SECONDS));
    reply.headers.append("Vary", "Access-Control-Request-Headers");
    return reply;
  };
}
