// What JSON cannot say: JSON.stringify writes {} for a Map and null for NaN without an error. The hub's own rule for values that were
// never text (`src/wire/json-value.ts`), which also writes them, in a third of its bytes.
import { isPlainObject } from "../wire/json.ts";
import { pointerTo } from "../wire/json-pointer.ts";
import { isDate, isoOf } from "../wire/json-value.ts";
import { MAX_DATA_DEPTH } from "../wire/limits.ts";

/** @param around the objects and lists that `value` is in @returns where the first such value is; `undefined`: there is none */
export function unsayable(value: unknown, pointer = "/data", around: readonly unknown[] = []): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value))
    return undefined;
  if (isDate(value) && isoOf(value)) return undefined;
  const isList = Array.isArray(value);
  if (!(isList || isPlainObject(value)) || around.includes(value) || around.length === MAX_DATA_DEPTH) return pointer;
  const members = Object.entries(value);
  if (isList && members.length !== value.length) return pointer; // it has holes, or members beside its items
  for (const [key, member] of members) {
    const isLeftOut = member === undefined && !isList;
    const found = isLeftOut ? undefined : unsayable(member, pointerTo(pointer, key), [...around, value]);
    if (found !== undefined) return found;
  }
  return undefined;
}
