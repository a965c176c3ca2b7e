// Every problem that Reactor reports, in one table: over HTTP an RFC 9457 body, on a socket a close code or a frame.

/**
 * Each problem, by its `code`. `title` is the kind in a few words; `status` the HTTP status; `close` the WebSocket close code, if
 * a socket is closed for it. What each means and what to do is at `/errors` of a hub. A newer hub may have more of them.
 *
 * @example
 * ```ts
 * import { PROBLEMS } from "pulse-reactor/wire";
 *
 * console.log(PROBLEMS.rate_limited); // → {"title":"Too many requests","status":429,"close":4429}
 * console.log(PROBLEMS.bad_event.status); // → 400
 * ```
 */
export const PROBLEMS = {
  bad_json: { title: "Not JSON", status: 400 },
  body_incomplete: { title: "Incomplete body", status: 400 },
  bad_event: { title: "Invalid event", status: 400 },
  unknown_field: { title: "Unknown member of an event", status: 400 },
  reserved_type: { title: "Reserved event type", status: 400 },
  empty_batch: { title: "Empty batch", status: 400 },
  bad_channel: { title: "Invalid channel", status: 400, close: 4500 },
  bad_cursor: { title: "Invalid cursor", status: 400, close: 4500 },
  bad_limit: { title: "Invalid number", status: 400, close: 4500 },
  bad_options: { title: "Invalid options", status: 400 },
  unknown_parameter: { title: "Unknown query parameter", status: 400, close: 4500 },
  repeated_parameter: { title: "Repeated query parameter", status: 400, close: 4500 },
  bad_pattern: { title: "Invalid pattern", status: 400, close: 4500 },
  conflicting_parameters: { title: "Conflicting query parameters", status: 400, close: 4500 },
  unauthorized: { title: "No valid key or token", status: 401, close: 4401 },
  token_expiring: { title: "Token about to expire", status: 401 },
  forbidden: { title: "Not allowed", status: 403, close: 4503 },
  foreign_origin: { title: "Origin not allowed", status: 403, close: 4503 },
  bad_revocation: { title: "Invalid revocation", status: 400 },
  event_not_found: { title: "No such event", status: 404 },
  not_found: { title: "No such route", status: 404 },
  method_not_allowed: { title: "Method not allowed", status: 405 },
  id_conflict: { title: "Id already used", status: 409 },
  too_many_revocations: { title: "Too many revocations", status: 409 },
  event_too_large: { title: "Event too large", status: 413 },
  batch_too_large: { title: "Too many events", status: 413 },
  body_too_large: { title: "Body too large", status: 413 },
  unsupported_media_type: { title: "Unsupported Content-Type", status: 415 },
  unsupported_encoding: { title: "Unsupported Content-Encoding", status: 415 },
  upgrade_required: { title: "WebSocket required", status: 426 },
  rate_limited: { title: "Too many requests", status: 429, close: 4429 },
  unknown_message: { title: "Unknown message", status: 400 },
  too_slow: { title: "Too slow or silent", status: 408, close: 4408 },
  protocol_error: { title: "Protocol error", status: 400, close: 4500 },
  internal: { title: "Internal error", status: 500 },
  emit_not_configured: { title: "No key configured", status: 503 },
  log_unavailable: { title: "Log unavailable", status: 503 },
  overloaded: { title: "Too many emits in progress", status: 503 },
  keys_unavailable: { title: "Signing keys unavailable", status: 503 },
  reactor_disabled: { title: "Hub disabled", status: 503 },
} as const satisfies Record<string, { readonly title: string; readonly status: number; readonly close?: number }>;

/**
 * The `code` of a refusal: of a `reactor_error`, or of an HTTP response.
 *
 * @example
 * ```ts
 * import { PROBLEMS, type ProblemCode } from "pulse-reactor/wire";
 *
 * const isKnown = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);
 *
 * const code = "too_slow";
 * if (isKnown(code)) console.log(PROBLEMS[code].title); // → Too slow or silent
 * ```
 */
export type ProblemCode = keyof typeof PROBLEMS;

/**
 * One refusal. `detail` says in a sentence what was wrong and what to do; `pointer` (a JSON Pointer into what
 * was sent, such as `/3/type`) says where.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  readonly pointer?: string;
  /** Where text stops being JSON, or the line of NDJSON in which the event stood; each from 1. */
  readonly line?: number;
  /** In that line, in UTF-16 units. */
  readonly column?: number;
  /** When to try again, in seconds from now, where that is known; `Retry-After` says the same. */
  readonly retry_after?: number;
}

/** An expected failure is a value; only an unexpected one is thrown. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function err(code: ProblemCode, detail: string, pointer?: string): { ok: false; problem: Problem } {
  return { ok: false, problem: pointer === undefined ? { code, detail } : { code, detail, pointer } };
}
