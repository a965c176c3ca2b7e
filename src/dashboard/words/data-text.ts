// An event's data as one line of text.
import type { ReactorEvent } from "../../client/index.ts";

/** A publisher's data may be nested deeper than this browser's stack. */
export function dataText(data: ReactorEvent["data"]): string {
  try {
    return JSON.stringify(data);
  } catch {
    return "…";
  }
}
