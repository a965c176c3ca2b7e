// A subscription is a set of patterns: event types in which `*` stands for any run of characters.
import { isTypePattern, patternFault } from "./event-type.ts";
import { err, ok, type Result } from "./problem.ts";

/** Each as `news_*`, sorted and without doubles, so that equal sets are equal texts; `null` is everything. */
export type Patterns = readonly string[] | null;

export const MAX_PATTERNS = 64;

/**
 * Of a pattern that a client asks for. Four name a beginning, an end and three words between, or leave four places of a dotted
 * type open. Each star is one more search in each new type, and everybody else's events wait for all of them.
 */
export const MAX_STARS = 4;

/**
 * Checks a set of patterns that an operator has chosen: `CHANNELS`, or the claims of a token. An empty one means everything.
 *
 * @param pointer where in the message it stood, as a JSON Pointer
 * @returns the set, or `bad_pattern`
 */
export function parsePatterns(values: readonly unknown[], pointer = ""): Result<Patterns> {
  if (values.length > MAX_PATTERNS) {
    return err(
      "bad_pattern",
      `A subscription has at most ${MAX_PATTERNS} patterns; this one has ${values.length}.`,
      pointer,
    );
  }
  for (const [index, value] of values.entries()) {
    if (!isTypePattern(value)) return err("bad_pattern", patternFault(value), `${pointer}/${index}`);
  }
  return ok(values.length === 0 ? null : [...new Set(values as readonly string[])].sort());
}

/** Checks a set of patterns that a client asks for: as `parsePatterns`, and of few stars each. */
export function parseAsked(values: readonly unknown[], pointer = ""): Result<Patterns> {
  const patterns = parsePatterns(values, pointer);
  if (!patterns.ok) return patterns;
  for (const [index, value] of (values as readonly string[]).entries()) {
    const stars = value.split("*").length - 1;
    if (stars > MAX_STARS) {
      return err("bad_pattern", `A pattern has at most ${MAX_STARS} *; this one has ${stars}.`, `${pointer}/${index}`);
    }
  }
  return patterns;
}
