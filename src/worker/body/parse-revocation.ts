// Parses a revocation: which tokens an operator revokes, and until when that is kept. From HTTP as JSON, or from another Worker.

import type { Revocation } from "../../core/access/revocations.ts";
import { MAX_SUB_BYTES } from "../../core/access/rights.ts";
import { describeValue } from "../../wire/describe-value.ts";
import { isPlainObject } from "../../wire/json.ts";
import { parseJson } from "../../wire/json-fault.ts";
import { pointerTo } from "../../wire/json-pointer.ts";
import { MAX_NAME_BYTES } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { suggestion } from "../../wire/suggest.ts";
import { parseTimestamp } from "../../wire/timestamp.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { parseMediaType } from "./media-type.ts";
import { readBytes, textOf } from "./read-body.ts";

const MEMBERS = ["sub", "jti", "before", "until"];

/** For so long a revocation is kept without `until`: a token that lives longer than a leap year would outlive it. */
const KEPT_MS = 366 * 24 * 3_600_000;

/** The body of a request. @returns it, or `bad_revocation`, or why the body cannot be read */
export async function readRevocation(request: Request, nowMs: number): Promise<Result<Revocation>> {
  const header = request.headers.get("Content-Type");
  const { essence, isUtf8 } = parseMediaType(header ?? "application/json");
  if (essence !== "application/json" || !isUtf8) {
    return err("unsupported_media_type", `Send a revocation as application/json in UTF-8, not as ${header}.`);
  }
  const bytes = await readBytes(request);
  if (!bytes.ok) return bytes;
  const text = textOf(bytes.value);
  if (!text.ok) return text;
  const value = parseJson(text.value);
  return value.ok ? parseRevocation(value.value, nowMs) : value;
}

/** @param value anything @returns a revocation, or `bad_revocation` with a pointer to the member */
export function parseRevocation(value: unknown, nowMs: number): Result<Revocation> {
  if (!isPlainObject(value)) {
    return err(
      "bad_revocation",
      `A revocation is {sub, before, until} or {jti, until}; this is ${describeValue(value)}.`,
    );
  }
  const unknown = Object.keys(value).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined) {
    const detail = `A revocation has no member ${describeValue(unknown)}${suggestion(unknown, MEMBERS)}`;
    return err("bad_revocation", detail, unknown.length > MAX_NAME_BYTES ? "" : pointerTo("", unknown));
  }
  const { sub, jti } = value;
  if ((sub === undefined) === (jti === undefined)) {
    return err("bad_revocation", 'Either "sub" or "jti" says which tokens are revoked.', "");
  }
  const until = timeIn(value, "until");
  if (!until.ok) return until;
  if (until.value !== undefined && until.value <= nowMs) return bad("until", "lie in the future");
  if (sub === undefined) {
    if (value.before !== undefined) return bad("before", "be absent beside a jti, which names one token");
    if (!isName(jti, MAX_NAME_BYTES)) return bad("jti", `be a string of 1 to ${MAX_NAME_BYTES} bytes`);
    return ok({ jti, untilMs: until.value ?? nowMs + KEPT_MS });
  }
  if (!isName(sub, MAX_SUB_BYTES)) return bad("sub", `be a string of 1 to ${MAX_SUB_BYTES} bytes`);
  const before = timeIn(value, "before");
  if (!before.ok) return before;
  const beforeMs = before.value ?? nowMs;
  return ok({ sub, beforeMs, untilMs: until.value ?? Math.max(nowMs, beforeMs) + KEPT_MS });
}

/** @returns Unix time in ms, `undefined` where it is absent */
function timeIn(value: Readonly<Record<string, unknown>>, name: string): Result<number | undefined> {
  const time = parseTimestamp(value[name], "", name);
  if (!time.ok) return { ok: false, problem: { ...time.problem, code: "bad_revocation" } };
  if (time.value === undefined) return ok(undefined);
  const ms = Date.parse(time.value);
  return Number.isNaN(ms) ? bad(name, "be a time without a leap second") : ok(ms);
}

function isName(value: unknown, maxBytes: number): value is string {
  return typeof value === "string" && value !== "" && utf8Bytes(value) <= maxBytes;
}

function bad(name: string, what: string) {
  return err("bad_revocation", `"${name}" must ${what}.`, pointerTo("", name));
}
