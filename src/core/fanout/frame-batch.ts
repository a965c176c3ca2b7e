// What one frame can hold of the log.
import { MAX_FRAME_BYTES, PROGRESS_EVERY_EVENTS } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import type { RecentEvents } from "../log/recent-events.ts";

/** What one run takes of the log at most; quiet readers who are so far behind are told, and so never get to 1,000. */
export const BATCH_EVENTS = PROGRESS_EVERY_EVENTS / 2;

/** The events of (`after`, `until`] that one frame can hold. One that is larger than a frame goes alone. */
export function batchOf(recentEvents: RecentEvents, after: number, until: number): LoggedEvent[] {
  const events: LoggedEvent[] = [];
  let bytes = EVENTS_FRAME_BYTES;
  for (const event of recentEvents.read(after)) {
    if (event.seq > until) break;
    bytes += event.bytes + 1;
    if (events.length > 0 && (bytes > MAX_FRAME_BYTES || events.length === BATCH_EVENTS)) break;
    events.push(event);
  }
  return events;
}
