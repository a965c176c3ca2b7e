// The content of an event: its type and its data, compared by value. Retries are recognized by it.
import { memberText } from "../../wire/json-text.ts";

/** `data` as JSON text. */
export interface Content {
  readonly type: string;
  readonly data: string;
}

/** The content of an event as the log keeps it. @param event JSON text (`wire/event`) */
export function contentIn(event: string): Content {
  return { type: typeIn(event), data: memberText(event, "data") ?? "{}" };
}

/** `{"type":"` */
const TYPE_AT = 9;

/** The type of an event as the log keeps it: its first member. */
export function typeIn(event: string): string {
  const plain = event.slice(TYPE_AT, event.indexOf('"', TYPE_AT));
  return plain.includes("\\") ? (JSON.parse(memberText(event, "type") ?? '""') as string) : plain;
}

/** Whether two contents are equal: the order of members does not matter, and numbers are compared as exact decimals. */
export function isSameContent(a: Content, b: Content): boolean {
  return a.type === b.type && (a.data === b.data || canonicalJson(a.data) === canonicalJson(b.data));
}

/**
 * A content as 53 bits and its length, for events that were deleted while their ids are still known.
 */
export function digestOf({ type, data }: Content): string {
  const text = `${type} ${canonicalJson(data)}`;
  return `${hash53(text).toString(36)}.${text.length.toString(36)}`;
}

/**
 * A text that is equal for equal values: members sorted by name, the last of equal names, numbers as exact decimals.
 *
 * @param json text that JSON.parse accepts
 */
export function canonicalJson(json: string): string {
  // With the text that a number was written as: JSON.parse alone would round 12345678901234567890.
  const reviver = (_: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === "number" ? new Decimal(context?.source ?? String(value)) : value;
  return textOf(JSON.parse(json, reviver));
}

/** A number as it was written. */
class Decimal {
  readonly text: string;

  constructor(source: string) {
    this.text = canonicalNumber(source);
  }
}

function textOf(value: unknown): string {
  if (value instanceof Decimal) return value.text;
  if (Array.isArray(value)) return `[${value.map(textOf).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${textOf(members[name])}`).join(",")}}`;
}

/** As digits without zeros at either end, and an exponent: `1`, `1.0`, `10e-1` are `1e0`; `-0` is `0`. */
function canonicalNumber(source: string): string {
  const [mantissa = "", exponent = "0"] = source.toLowerCase().split("e");
  const isNegative = mantissa.startsWith("-");
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const kept = withoutZerosAtEnd(digits);
  if (kept === "") return "0";
  // An exponent may have any number of digits itself: a BigInt takes them all.
  const power = BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return `${isNegative ? "-" : ""}${kept}e${power}`;
}

/** `/0+$/` would try each run of zeros from each of its zeros: 32 s for a number as long as an event may be. */
function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}

/**
 * 53 bits of a text, never 0: two 32-bit lanes, each multiplied with a prime of its own and mixed with the other at the
 * end, as MurmurHash3 does. https://github.com/aappleby/smhasher/wiki/MurmurHash3
 */
export function hash53(text: string): number {
  let low = 0x9e3779b9;
  let high = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0xcc9e2d51);
    high = Math.imul(high ^ unit, 0x1b873593);
  }
  low = mixed(low) ^ mixed(high ^ 0x2545f491);
  high = mixed(high) ^ mixed(low ^ 0x6a09e667);
  return (high >>> 11) * 2 ** 32 + (low >>> 0) || 1;
}

function mixed(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}
