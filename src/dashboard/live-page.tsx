// What `/live` shows: whether the hub is heard, how much came, and the events as they come.
import { useSyncExternalStore } from "react";
import type { ConnectionState, Reactor, ReactorEvent } from "../client/index.ts";
import { useConnectionState } from "../react/index.ts";
import type { Feed } from "./feed.ts";

const WORDS: Record<ConnectionState, string> = {
  connecting: "Connecting…",
  live: "Live",
  waiting: "Connection lost, coming back…",
  closed: "Closed by the hub",
};

export function LivePage({ reactor, feed }: { reactor: Reactor; feed: Feed }) {
  const state = useConnectionState(reactor);
  const { received, newest } = useSyncExternalStore(feed.subscribe, feed.snapshot);
  return (
    <>
      <header>
        <h1>Reactor</h1>
        <p className={`state ${state}`} role="status" data-reactor="connection-status" data-state={state}>
          {WORDS[state]}
        </p>
      </header>
      <main>
        <h2>
          Events <output data-metric="received">{received}</output>
        </h2>
        <ol data-reactor="events-container">
          {newest.length === 0 && <li className="nothing">Nothing yet. What is emitted from now on shows here.</li>}
          {newest.map(({ nth, event }) => (
            <Row key={nth} event={event} />
          ))}
        </ol>
      </main>
    </>
  );
}

function Row({ event }: { event: ReactorEvent }) {
  return (
    <li>
      <span className="seq">{event.seq}</span>
      <time dateTime={event.timestamp}>{event.timestamp.slice(11, 19)}</time>
      <strong>{event.type}</strong>
      <span className="source">{event.source}</span>
      <code>{textOf(event.data)}</code>
    </li>
  );
}

/** A publisher's data may be nested deeper than this browser's stack. */
function textOf(data: ReactorEvent["data"]): string {
  try {
    return JSON.stringify(data);
  } catch {
    return "…";
  }
}
