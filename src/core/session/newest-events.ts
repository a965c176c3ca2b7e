// The events with which a socket begins that asks for the newest ones.
import type { Cursor } from "../../wire/cursor.ts";
import { MAX_LEGACY_REPLAY_BYTES } from "../../wire/limits.ts";
import type { Interest } from "../access/match.ts";
import type { Dialect } from "../fanout/subscriber.ts";
import type { BidirectionalLog } from "../log/event-log.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import { READ_LIMITS, readBack } from "../log/read-back.ts";

export interface NewestEvents {
  /** The position just before them: the head where there are none. */
  readonly from: Cursor;
  readonly events: readonly LoggedEvent[];
}

/**
 * The newest matching events of the log, at most `last`: fewer where they take too much to be read in one turn. A legacy page
 * receives all of them at once, because it cannot acknowledge, and would ask for the same again if it had to reconnect.
 */
export function newestEvents(
  log: BidirectionalLog,
  last: number,
  { dialect, ...interest }: Interest & { readonly dialect: Dialect },
): NewestEvents {
  const { epoch, seq: head } = log.cursor;
  const { bytes, scanned } = READ_LIMITS;
  const limits = { events: last, scanned, bytes: dialect === "legacy" ? MAX_LEGACY_REPLAY_BYTES : bytes };
  const { events } = readBack(log, head, interest, limits);
  return { from: { epoch, seq: events[0] ? events[0].seq - 1 : head }, events };
}
