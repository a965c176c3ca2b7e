// Replay for a legacy page with a cursor. It cannot acknowledge, so it is sent a bounded piece and reconnects for more.

import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { MAX_LEGACY_REPLAY_BYTES } from "../../wire/limits.ts";
import type { Interest } from "../access/match.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { FRAME_PAGE } from "../log/page.ts";
import { readHeard } from "../log/read-heard.ts";

export interface LegacyReplay {
  /** One event each; at least one, if one matches within the events that a turn may read. */
  readonly frames: readonly string[];
  /** Up to which seq the log was read. */
  readonly to: number;
  /** Whether that is the head. */
  readonly complete: boolean;
}

/** The matching events behind `after`: at most 256 KiB, out of about 10,000 events. */
export function replayLegacy(log: ReadableLog, after: number, interest: Interest): LegacyReplay {
  const { epoch, seq: head } = log.cursor;
  const frames: string[] = [];
  let bytes = 0;
  let scanned = 0;
  let to = after;
  for (const slice of readHeard(log, after, interest)) {
    if (scanned >= FRAME_PAGE.scanned) return { frames, to, complete: false };
    for (const { seq, event, bytes: size } of slice.events) {
      bytes += size;
      if (frames.length > 0 && bytes > MAX_LEGACY_REPLAY_BYTES) return { frames, to: seq - 1, complete: false };
      frames.push(encodeLegacyEvent(event, { epoch, seq }));
    }
    scanned += slice.scanned;
    to = slice.to;
  }
  return { frames, to: head, complete: true };
}
