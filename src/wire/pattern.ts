// A subscription is a set of patterns: event types in which `*` stands for any run of characters.
import { isTypePattern, patternFault } from "./event-type.ts";
import { err, ok, type Result } from "./problem.ts";

/** Each as `news_*`, sorted and without doubles, so that equal sets are equal texts; `null` is everything. */
export type Patterns = readonly string[] | null;

const MAX_PATTERNS = 64;

/**
 * Checks a set of patterns from outside. An empty one means everything.
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
