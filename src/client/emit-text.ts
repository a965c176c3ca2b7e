// The text of an `emit`. JSON.stringify writes {} for a Map and null for NaN without an error; the hub's own rule for values that were
// never text (`src/wire/json-value.ts`) refuses them, and so does this, in a fourth of its bytes.
import { encodeEmit, type OwnEvent } from "../wire/client-frame.ts";
import { isPlainObject } from "../wire/json.ts";
import { isDate } from "../wire/json-value.ts";

/** @throws TypeError that says where the first value is that JSON cannot say; of a cycle, that there is one */
export function emitText(ref: number, event: OwnEvent): string {
  const pointers = new Map<unknown, string>();
  return encodeEmit(ref, event, function (this: Record<string, unknown>, key: string, value: unknown): unknown {
    const given = this[key]; // of a Date `value` is its text
    const pointer = pointers.has(this) ? `${pointers.get(this)}/${key}` : "";
    if (!isSayable(given, value, this)) throw new TypeError(`JSON cannot say what is at ${pointer}.`);
    pointers.set(given, pointer);
    return value;
  });
}

function isSayable(given: unknown, value: unknown, holder: object): boolean {
  switch (typeof given) {
    case "number":
      return Number.isFinite(given);
    case "undefined":
      return !Array.isArray(holder);
    case "object":
      if (given !== value) return isDate(given) && value !== null; // it says itself what it is
      if (Array.isArray(given)) return Object.keys(given).length === given.length; // no members beside its items
      return given === null || isPlainObject(given);
    default:
      return typeof given === "string" || typeof given === "boolean";
  }
}
