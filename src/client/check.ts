// Arguments that JavaScript lets through are refused at the call: a hub would refuse them each time, or nothing would.
import { isTypePattern } from "../wire/event-type.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import { MAX_PATTERNS, MAX_STARS } from "../wire/pattern.ts";

/** @param what it must be @throws TypeError unless `isRight`, which names the argument and its value */
export function check(isRight: boolean, name: string, what: string, value: unknown): void {
  if (!isRight) {
    const given = typeof value === "string" ? JSON.stringify(value) : String(value);
    throw new TypeError(`\`${name}\` must be ${what}; this is ${given}.`);
  }
}

/** @param names of the options that there are, with spaces between them */
export function checkNames(options: object, names: string): void {
  for (const name in options) check(names.split(" ").includes(name), "options", `of ${names}`, name);
}

export function checkListener(listener: unknown, options: object): void {
  checkFunction(listener, "listener");
  checkNames(options, "signal");
}

export function checkFunction(value: unknown, name: string): void {
  check(isFunction(value), name, "a function", value);
}

export function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

export function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= MAX_LAST_EVENTS;
}

export function checkPattern(value: unknown, name: string): void {
  const isRight = isTypePattern(value) && value.split("*").length - 1 <= MAX_STARS;
  check(isRight, name, `an event type of 1 to 256 bytes, with at most ${MAX_STARS} * and without commas`, value);
}

export function checkPatterns(values: unknown, name: string): void {
  const isRight = Array.isArray(values) && values.length <= MAX_PATTERNS;
  check(isRight, name, `a list of at most ${MAX_PATTERNS} patterns, such as ["news_*"]`, values);
  for (const value of values as readonly unknown[]) checkPattern(value, name);
}
