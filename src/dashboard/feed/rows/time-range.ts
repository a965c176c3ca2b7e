// A range of time, as the visitor chooses it.
import type { RowFilter } from "./row-filter.ts";

export type TimeRange = Pick<RowFilter, "fromMs" | "toMs">;

/** @param choice minutes until now, the day, or between two local times, each of which may be empty */
export function timeRangeOf(
  choice: "any" | "5" | "60" | "today" | "between",
  between: { readonly from: string; readonly to: string },
  nowMs: number,
): TimeRange {
  switch (choice) {
    case "any":
      return { fromMs: null, toMs: null };
    case "today":
      return { fromMs: new Date(nowMs).setHours(0, 0, 0, 0), toMs: null };
    case "between":
      return { fromMs: localMs(between.from), toMs: localMs(between.to, 59_999) };
    default:
      return { fromMs: nowMs - Number(choice) * 60_000, toMs: null };
  }
}

/** @param more the field has no seconds: all of its last minute is in the range */
function localMs(text: string, more = 0): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms + more;
}
