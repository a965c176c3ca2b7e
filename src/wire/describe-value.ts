// A value in a few words, for the detail of a problem: "a string of 512 bytes", "an instance of Map".
import { isPlainObject } from "./json.ts";
import { utf8Bytes } from "./utf8.ts";

/** The longest string or class name that is quoted whole, in UTF-16 units. */
const MAX_QUOTED = 40;

/** Neither reads a member of `value` nor converts it to text: each member of an RPC stub is a call to its Worker. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "missing";
  if (value === null) return "null";
  switch (typeof value) {
    case "string":
      return value.length > MAX_QUOTED ? `a string of ${utf8Bytes(value)} bytes` : JSON.stringify(value);
    case "number":
    case "boolean":
      return String(value);
    case "bigint":
      return "a BigInt";
    case "object":
      return describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return "an array";
  if (isPlainObject(value)) return "an object";
  const maker: unknown = Reflect.get(Object.getPrototypeOf(value), "constructor");
  return typeof maker === "function"
    ? `an instance of ${String(maker.name).slice(0, MAX_QUOTED)}`
    : "an object of a class";
}
