// What a token says that its bearer may, once its signature is known to be good.
//
//   {"sub":"ada","exp":1796000000,"channels":["main"],"events":["news_*"],"emit":["chat_*"]}
import { MAX_SUB_BYTES, type Rights } from "../core/access/rights.ts";
import { type Patterns, parsePatterns } from "../wire/pattern.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { utf8Bytes } from "../wire/utf8.ts";

/** What a token allows, and in which channels; `null`: it does not say. */
export interface TokenRights extends Rights {
  readonly channels: Patterns;
}

/** By what clocks of machines that are kept in step may differ. */
export const CLOCK_TOLERANCE_SECONDS = 5;

/** `events` and `emit` as JSON: they stand in the socket's attachment, beside 8 KiB of patterns asked for and allowed. */
const MAX_RIGHTS_BYTES = 4 * 1024;

/** The last second that a date can name; JSON can say 1e400, which reads as infinity, and would never come. */
const MAX_SECONDS = 8.64e12;

/** A claim that is absent has its default; one that is malformed gives no right at all. */
export function readClaims(claims: Readonly<Record<string, unknown>>): Result<TokenRights> {
  const { exp } = claims;
  if (typeof exp !== "number" || !(Math.abs(exp) <= MAX_SECONDS)) return badClaim("exp", "seconds since 1970");
  const sub = claims.sub ?? null;
  if (sub !== null && (typeof sub !== "string" || sub === "" || utf8Bytes(sub) > MAX_SUB_BYTES)) {
    return badClaim("sub", `a string of 1 to ${MAX_SUB_BYTES} bytes`);
  }
  const channels = readPatterns("channels", claims.channels, null);
  if (!channels.ok) return channels;
  const hear = readPatterns("events", claims.events, null);
  if (!hear.ok) return hear;
  const emit = readPatterns("emit", claims.emit, []);
  if (!emit.ok) return emit;
  if (sub === null && emit.value?.length !== 0) return badClaim("sub", 'there where there is an "emit"');
  const rights = { hear: everythingIfStar(hear.value), emit: everythingIfStar(emit.value) };
  if (JSON.stringify(Object.values(rights)).length > MAX_RIGHTS_BYTES) {
    return err("unauthorized", `The token's "events" and "emit" may take ${MAX_RIGHTS_BYTES} bytes together.`);
  }
  const expiresMs = (exp + CLOCK_TOLERANCE_SECONDS) * 1000;
  // Channels as they are: `*` says every channel, also where CHANNELS bounds who says nothing.
  return ok({ sub, ...rights, expiresMs, channels: channels.value });
}

/** Unlike in a subscription, an empty set is nothing: a right that was not given. */
function readPatterns(claim: string, value: unknown, absent: Patterns): Result<Patterns> {
  if (value === undefined) return ok(absent);
  const parsed = Array.isArray(value) ? parsePatterns(value) : null;
  if (!parsed?.ok) return badClaim(claim, "an array of at most 64 patterns");
  return ok(parsed.value ?? []);
}

/** A right to everything is one right, however it is said: who has it hears and is sent the same as all others. */
function everythingIfStar(patterns: Patterns): Patterns {
  return patterns?.some((pattern) => /^\*+$/.test(pattern)) ? null : patterns;
}

function badClaim(claim: string, what: string) {
  return err("unauthorized", `The token's claim "${claim}" must be ${what}.`);
}
