// An event's data as one line of JSON.
import type { Json } from "../../client/index.ts";

/** A publisher's data may be nested deeper than this browser's stack. */
export function dataText(data: Json): string {
  try {
    return JSON.stringify(data) ?? "null";
  } catch {
    return '"…"';
  }
}
