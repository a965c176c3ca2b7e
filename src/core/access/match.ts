// Matches event types against patterns: those that a subscriber asked for, and those that its rights allow.
import { MAX_PATTERNS_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { utf8Bytes } from "../../wire/utf8.ts";

/** The patterns that a subscriber asked for and that its rights allow. It hears the types that match both. */
export interface Interest {
  readonly asked: Patterns;
  readonly allowed: Patterns;
}

/** Checks that the patterns fit the socket's attachment. @returns them, or `bad_pattern` */
export function checkInterest(interest: Interest): Result<Interest> {
  const bytes = utf8Bytes(JSON.stringify([interest.asked, interest.allowed]));
  if (bytes <= MAX_PATTERNS_BYTES) return ok(interest);
  return err("bad_pattern", `Patterns may take ${MAX_PATTERNS_BYTES} bytes; these take ${bytes}.`);
}

export function hears(interest: Interest, type: string): boolean {
  return matchesAny(interest.asked, type) && matchesAny(interest.allowed, type);
}

/** `hears` for many events: a log has few types, and each is matched once. `null` where every type is heard. */
export function filterOf(interest: Interest): ((type: string) => boolean) | null {
  if (interest.asked === null && interest.allowed === null) return null;
  const known = new Map<string, boolean>();
  return (type) => {
    const heard = known.get(type) ?? hears(interest, type);
    known.set(type, heard);
    return heard;
  };
}

function matchesAny(patterns: Patterns, type: string): boolean {
  return patterns === null || patterns.some((pattern) => matches(pattern, type));
}

/**
 * `*` matches any run of characters, also an empty one. Greedy with one step back, as for file names: at most
 * pattern × type steps, where a regular expression made of a client's pattern may take exponentially many.
 */
export function matches(pattern: string, type: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < type.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (pattern[p] === type[t]) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}
