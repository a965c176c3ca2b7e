// From the claims of a token with a valid signature to rights.
//
//   {"sub":"ada","exp":1796000000,"channels":["main"],"events":["news_*"],"emit":["chat_*"],"iat":1795999000,"jti":"…"}
import { MAX_SUB_BYTES, type Rights } from "../core/access/rights.ts";
import { parseChannelPatterns } from "../wire/channel.ts";
import { MAX_NAME_BYTES } from "../wire/limits.ts";
import { type Patterns, parsePatterns } from "../wire/pattern.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { utf8Bytes } from "../wire/utf8.ts";

/** The rights of a token, and its channels; `null`: it names none. */
export interface TokenRights extends Rights {
  readonly channels: Patterns;
}

/** How much synchronised clocks may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** `events` and `emit` as JSON: they are in the socket's attachment, beside 8 KiB of patterns asked for and allowed. */
const MAX_RIGHTS_BYTES = 4 * 1024;

/** The year 2200: what is beyond it is in milliseconds, and would be valid for ever. */
const MAX_SECONDS = Date.UTC(2200, 0) / 1000;

const SECONDS = "seconds since 1970, not milliseconds";

/** An absent claim has its default; a malformed one is refused. */
export function readClaims(claims: Readonly<Record<string, unknown>>): Result<TokenRights> {
  const { exp, iat, jti } = claims;
  if (!isSeconds(exp)) return badClaim("exp", SECONDS);
  if (iat !== undefined && !isSeconds(iat)) return badClaim("iat", SECONDS);
  const sub = claims.sub ?? null;
  if (sub !== null && (typeof sub !== "string" || sub === "" || utf8Bytes(sub) > MAX_SUB_BYTES)) {
    return badClaim("sub", `a string of 1 to ${MAX_SUB_BYTES} bytes`);
  }
  if (jti !== undefined && (typeof jti !== "string" || jti === "" || utf8Bytes(jti) > MAX_NAME_BYTES)) {
    return badClaim("jti", `a string of 1 to ${MAX_NAME_BYTES} bytes`);
  }
  const channels = readPatterns("channels", claims.channels, null, parseChannelPatterns);
  if (!channels.ok) return channels;
  const hear = readPatterns("events", claims.events, null);
  if (!hear.ok) return hear;
  const emit = readPatterns("emit", claims.emit, []);
  if (!emit.ok) return emit;
  if (sub === null && emit.value?.length !== 0) return badClaim("sub", 'there where there is an "emit"');
  const rights = { hear: everythingIfStar(hear.value), emit: everythingIfStar(emit.value) };
  if (utf8Bytes(JSON.stringify(Object.values(rights))) > MAX_RIGHTS_BYTES) {
    return err("unauthorized", `The token's "events" and "emit" may take ${MAX_RIGHTS_BYTES} bytes together.`);
  }
  const expiresMs = (exp + CLOCK_TOLERANCE_SECONDS) * 1000;
  // Channels as they are: `*` is every channel, also where CHANNELS bounds tokens without the claim.
  const token = { sub, ...(jti !== undefined && { jti }), ...(iat !== undefined && { issuedMs: iat * 1000 }) };
  return ok({ ...token, ...rights, expiresMs, channels: channels.value });
}

/** Whether it is a time as tokens have it (NumericDate of RFC 7519), until 2200. */
function isSeconds(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= MAX_SECONDS;
}

/** Unlike in a subscription, an empty set allows nothing. */
function readPatterns(claim: string, value: unknown, absent: Patterns, parse = parsePatterns): Result<Patterns> {
  if (value === undefined) return ok(absent);
  const parsed = Array.isArray(value) ? parse(value) : null;
  if (!parsed?.ok) return badClaim(claim, "an array of at most 64 patterns");
  return ok(parsed.value ?? []);
}

/** Every way to write a right to everything becomes `null`, so that their sockets form one group. */
function everythingIfStar(patterns: Patterns): Patterns {
  return patterns?.some((pattern) => /^\*+$/.test(pattern)) ? null : patterns;
}

/** An `nbf` in milliseconds is never reached, and the verifier says no more than that. */
export function checkNotBefore(nbf: unknown): Result<void> {
  return nbf === undefined || isSeconds(nbf) ? ok(undefined) : badClaim("nbf", SECONDS);
}

function badClaim(claim: string, what: string) {
  return err("unauthorized", `The token's claim "${claim}" must be ${what}.`);
}
