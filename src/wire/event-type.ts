// The name of an event's type, and of a pattern of types: text as other systems write it (`Scheduled Event`, `order.created@v1`,
// `https://example.org/ns#Create`), without what lists, patterns and lines of a log are made of.
import { describeValue } from "./describe-value.ts";
import { MAX_NAME_BYTES } from "./limits.ts";
import { utf8Bytes } from "./utf8.ts";

/** What neither may hold, beside the `*` of patterns: control characters, halves of surrogate pairs, which no URL can carry, and commas. */
const EXCLUDED = /[\p{Cc}\p{Cs},]/u;

/** Runs of those and of `*`, with the space around them. */
const EXCLUDED_RUNS = /\s*[\p{Cc}\p{Cs},*]+\s*/gu;
const EXCLUDED_RUNS_OF_PATTERNS = /\s*[\p{Cc}\p{Cs},]+\s*/gu;

/** What a sentence says a type is. */
const form = () =>
  `1 to ${MAX_NAME_BYTES} bytes of text without control characters and commas, and without a space at either end`;

/** Whether `value` is a type's name, be it reserved or not. */
export function isEventType(value: unknown): value is string {
  return isTypePattern(value) && !value.includes("*");
}

/** Whether `value` is an event type in which `*` may stand for any run of characters. */
export function isTypePattern(value: unknown): value is string {
  // The length first: a value that is too long is not looked at. `trim` decides, since lists are trimmed by it.
  if (typeof value !== "string" || value.length === 0 || value.length > MAX_NAME_BYTES) return false;
  return utf8Bytes(value) <= MAX_NAME_BYTES && value.trim() === value && !EXCLUDED.test(value);
}

/** A sentence on a value that is no type, with a spelling that would pass. @param member what it was given as, such as `"type"` */
export function typeFault(value: unknown, member: string): string {
  const spelling = spelled(value, EXCLUDED_RUNS);
  return `${member} must be ${form()}, and no *; this is ${describeValue(value)}.${alternative(spelling, isEventType(spelling))}`;
}

/** The same on a value that is no pattern. */
export function patternFault(value: unknown): string {
  const spelling = spelled(value, EXCLUDED_RUNS_OF_PATTERNS);
  const what = "A pattern is an event type in which * stands for any run of characters";
  return `${what}: ${form()}; this is ${describeValue(value)}.${alternative(spelling, isTypePattern(spelling))}`;
}

/** Of a name that is not too long: shortened, two would become one. */
function spelled(value: unknown, excluded: RegExp): string {
  return typeof value === "string" && value.length <= MAX_NAME_BYTES ? value.replace(excluded, "_").trim() : "";
}

/** The end of a refusal: ` "a_b" would pass.`, or nothing if there is no such spelling. */
export function alternative(spelling: string, passes: boolean): string {
  return passes && /[\p{L}\p{N}]/u.test(spelling) ? ` ${JSON.stringify(spelling)} would pass.` : "";
}
