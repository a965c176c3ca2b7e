// What `/live` shows: whether the hub is heard, the newest readings, what an operator can do, and the events as they come.
import type { ConnectionState, Reactor, Reset } from "../client/index.ts";
import { useConnectionState, useReactor } from "../react/index.ts";
import { type Published, usePublished } from "../react/published.ts";
import { EventList } from "./event-list.tsx";
import type { Feed } from "./feed.ts";
import { Notifications } from "./notifications.tsx";
import { Panels } from "./panels.tsx";
import { Ping } from "./ping.tsx";
import type { Readings } from "./readings.ts";
import { ResetNotice } from "./reset-notice.tsx";
import { TestEvent } from "./test-event.tsx";

const WORDS: Record<ConnectionState, string> = {
  connecting: "Connecting…",
  live: "Live",
  waiting: "Connection lost, coming back…",
  closed: "Closed by the hub",
};

export interface LivePageProps {
  readonly reactor: Reactor;
  /** `null` for the default one. */
  readonly channel: string | null;
  readonly feed: Published<Feed>;
  readonly readings: Published<Readings>;
  readonly resets: Published<Reset | null>;
}

export function LivePage({ reactor, channel, feed, readings, resets }: LivePageProps) {
  const state = useConnectionState(reactor);
  const { error } = useReactor();
  return (
    <>
      <header>
        <h1>Reactor</h1>
        <p className={`state ${state}`} role="status" data-reactor="connection-status" data-state={state}>
          {WORDS[state]}
        </p>
        {error && <p className="error">{error.message}</p>}
      </header>
      <main>
        <ResetNotice resets={resets} />
        <Panels {...usePublished(readings)} />
        <div className="controls">
          <TestEvent channel={channel} />
          <Ping reactor={reactor} />
          <Notifications reactor={reactor} />
        </div>
        <EventList {...usePublished(feed)} />
      </main>
    </>
  );
}
