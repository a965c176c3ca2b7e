// The part of the log that fits one frame.
import { MAX_FRAME_BYTES, PROGRESS_EVERY_EVENTS } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import type { RecentEvents } from "../log/recent-events.ts";
import { eventsOf } from "../log/slice.ts";

/** How many events a batch takes at most; a quiet group that is so far behind is sent its progress, and never gets to 1,000. */
export const BATCH_EVENTS = PROGRESS_EVERY_EVENTS / 2;

/** The events of (`after`, `until`] that fit one frame. One that is larger than a frame goes alone. */
export function batchOf(recentEvents: RecentEvents, after: number, until: number): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  let bytes = EVENTS_FRAME_BYTES;
  for (const event of eventsOf(recentEvents.read(after, null))) {
    if (event.seq > until) break;
    bytes += event.bytes + 1;
    if (events.length > 0 && (bytes > MAX_FRAME_BYTES || events.length === BATCH_EVENTS)) break;
    events.push(event);
  }
  return events;
}
