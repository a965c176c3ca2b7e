// Events as they are appended, one by one, and the slices in which a log would read them.
import type { ClockTime } from "../../src/core/clock.ts";
import type { EventLog } from "../../src/core/log/event-log.ts";
import type { AppendedEvent, LoggedEvent } from "../../src/core/log/logged-event.ts";
import { eventsOf, type Slice } from "../../src/core/log/slice.ts";
import { stamp } from "../../src/core/log/stamp.ts";
import type { Draft } from "../../src/wire/draft.ts";

export function stamped(draft: Draft, epoch: string, seq: number, at: ClockTime): AppendedEvent {
  const [event] = stamp([draft], epoch, seq, at);
  if (!event) throw new Error("One draft is one event.");
  return event;
}

/** One slice an event, as a log of large events has. */
export function* slicesOf(events: Iterable<LoggedEvent>): Iterable<Slice> {
  for (const event of events) yield { from: event.seq, to: event.seq, scanned: 1, events: [event] };
}

/** The kept events behind `after`, of every type. */
export function eventsIn(log: Pick<EventLog, "read">, after = 0): LoggedEvent[] {
  return [...eventsOf(log.read(after, null))];
}
