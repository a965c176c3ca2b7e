// Every problem that Reactor reports, in one table: over HTTP an RFC 9457 body, on a socket a close code or a frame.

/** `status` is the HTTP status; `close` the WebSocket close code, if a socket is closed for it. */
export const PROBLEMS = {
  bad_json: { status: 400 },
  body_incomplete: { status: 400 },
  bad_event: { status: 400 },
  unknown_field: { status: 400 },
  reserved_type: { status: 400 },
  empty_batch: { status: 400 },
  bad_channel: { status: 400 },
  bad_cursor: { status: 400 },
  bad_limit: { status: 400 },
  bad_options: { status: 400 },
  unknown_parameter: { status: 400 },
  repeated_parameter: { status: 400 },
  bad_pattern: { status: 400 },
  conflicting_parameters: { status: 400 },
  unauthorized: { status: 401, close: 4401 },
  token_expiring: { status: 401 },
  forbidden: { status: 403, close: 4503 },
  foreign_origin: { status: 403, close: 4503 },
  not_found: { status: 404 },
  method_not_allowed: { status: 405 },
  id_conflict: { status: 409 },
  event_too_large: { status: 413 },
  batch_too_large: { status: 413 },
  body_too_large: { status: 413 },
  unsupported_media_type: { status: 415 },
  unsupported_encoding: { status: 415 },
  upgrade_required: { status: 426 },
  rate_limited: { status: 429, close: 4429 },
  unknown_message: { status: 400 },
  too_slow: { status: 408, close: 4408 },
  protocol_error: { status: 400, close: 4500 },
  internal: { status: 500 },
  emit_not_configured: { status: 503 },
  log_unavailable: { status: 503 },
  overloaded: { status: 503 },
  keys_unavailable: { status: 503 },
  reactor_disabled: { status: 503 },
} as const satisfies Record<string, { readonly status: number; readonly close?: number }>;

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
}

/** An expected failure is a value; only an unexpected one is thrown. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function err(code: ProblemCode, detail: string, pointer?: string): { ok: false; problem: Problem } {
  return { ok: false, problem: pointer === undefined ? { code, detail } : { code, detail, pointer } };
}
