// Reads the log backwards from a position: the newest events before it, as history pages back and a stream begins with `last`.
import { MAX_REQUEST_BYTES } from "../../wire/limits.ts";
import type { Interest } from "../access/match.ts";
import type { BidirectionalLog } from "./event-log.ts";
import type { LoggedEvent } from "./logged-event.ts";
import type { PageLimits } from "./page.ts";
import { readHeardBackwards } from "./read-heard.ts";

/** What is read at once outside of frames: 4 MiB, out of about 10,000 events. */
export const READ_LIMITS = { bytes: MAX_REQUEST_BYTES, scanned: 10_000 };

export interface ReadBack {
  /** The wanted events of (`after`, `to`], ascending. */
  readonly events: readonly LoggedEvent[];
  /** The seq before the first of them where they are as many as `limits` allow, else up to which the log was read. */
  readonly after: number;
}

/** The newest wanted events up to `to`, as many as `limits` allow, or the newest alone where it is larger. */
export function readBack(
  log: Pick<BidirectionalLog, "readBackwards">,
  to: number,
  interest: Interest,
  limits: PageLimits,
): ReadBack {
  const newestFirst: LoggedEvent[] = [];
  const upTo = (after: number): ReadBack => ({ events: newestFirst.reverse(), after });
  let after = to;
  let bytes = 0;
  let scanned = 0;
  for (const slice of readHeardBackwards(log, to + 1, interest)) {
    for (const event of slice.events.toReversed()) {
      bytes += event.bytes + 1;
      if (newestFirst.length > 0 && bytes > limits.bytes) return upTo(event.seq);
      newestFirst.push(event);
      if (newestFirst.length === limits.events) return upTo(event.seq - 1);
    }
    after = slice.from - 1;
    scanned += slice.scanned;
    if (scanned >= limits.scanned) break;
  }
  return upTo(after);
}
