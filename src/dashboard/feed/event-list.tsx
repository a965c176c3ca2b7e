// The newest events. Event data is rendered only as text.
import type { ReactorEvent } from "../../client/index.ts";
import { dataText } from "../words/data-text.ts";
import { timeOfDay } from "../words/time-of-day.ts";
import type { Feed } from "./feed.ts";

export function EventList({ received, newest }: Feed) {
  return (
    <section>
      <h2>
        Events <output data-metric="received">{received}</output>
      </h2>
      <ol data-reactor="events-container">
        {newest.length === 0 && <li className="nothing">No events yet. New events appear here.</li>}
        {newest.map(({ nth, event }) => (
          <Row key={nth} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Row({ event }: { event: ReactorEvent }) {
  return (
    <li>
      <span className="seq">{event.seq}</span>
      <time dateTime={event.timestamp}>{timeOfDay(event.timestamp)}</time>
      <strong>{event.type}</strong>
      <span className="source">{event.source}</span>
      <code>{dataText(event.data)}</code>
    </li>
  );
}
