// HTTP responses: JSON, or a problem (RFC 9457).
import { errorText } from "../../core/printable.ts";
import { err, PROBLEMS, type Problem, type ProblemCode } from "../../wire/problem.ts";

/** JSON text as it is. */
export function jsonText(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "application/json", "Cache-Control": "no-store" } });
}

export function json(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: { "Cache-Control": "no-store" } });
}

/** `type` is a page of this Worker (RFC 9457), and `code` the member to program against. */
export function refusal({ code, ...where }: Problem, headers: Record<string, string> = {}): Response {
  const { title, status } = PROBLEMS[code];
  const body = { type: `/errors#${code}`, title, status, code, ...where };
  const wait = where.retry_after === undefined ? {} : { "Retry-After": String(where.retry_after) };
  return Response.json(body, {
    status,
    headers: {
      ...HINTS[code],
      ...wait,
      ...headers,
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
    },
  });
}

export function wrongMethod(allow: string): Response {
  return refusal(err("method_not_allowed", `This route takes ${allow}.`).problem, { Allow: allow });
}

/** Answers `OPTIONS` outside of CORS with the route's methods. */
export function options(allow: string): Response {
  return new Response(null, { status: 204, headers: { Allow: allow } });
}

/** With headers that can be added to, which those of `Response.redirect` cannot. */
export function redirect(url: string): Response {
  return new Response(null, { status: 302, headers: { Location: url } });
}

export function notFound(request: Request): Response {
  return refusal(err("not_found", `No route matches ${new URL(request.url).pathname}.`).problem);
}

/** An unexpected error: its message may contain anything, so it goes to the log, and the reply says where to find it. */
export function unexpected(error: unknown): Response {
  const id = crypto.randomUUID();
  console.error(`Request ${id} failed.`, errorText(error));
  return refusal(err("internal", `Internal error. The log has it as request ${id}.`).problem);
}

/** Headers that HTTP requires with certain refusals. */
const HINTS: Partial<Record<ProblemCode, Record<string, string>>> = {
  unauthorized: { "WWW-Authenticate": "Bearer" },
  rate_limited: { "Retry-After": "10" }, // the shorter of the two periods that EMIT_LIMIT can have
  keys_unavailable: { "Retry-After": "5" },
  log_unavailable: { "Retry-After": "5" },
  overloaded: { "Retry-After": "1" },
  unsupported_encoding: { "Accept-Encoding": "identity" },
  upgrade_required: { Upgrade: "websocket" },
};
