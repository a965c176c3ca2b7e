// The page at `/live`: connection status, readings, controls and the event feed. Where the hub requires a key or token, the
// page asks for one first.
import type { ConnectionState } from "../client/index.ts";
import { ReactorProvider, useConnectionState, useReactor } from "../react/index.ts";
import { useSnapshot } from "../react/snapshot.ts";
import { AccessForm } from "./access-form.tsx";
import { EventList } from "./event-list.tsx";
import { HubPanel } from "./hub-panel.tsx";
import { Notifications } from "./notifications.tsx";
import { Panels } from "./panels.tsx";
import { Ping } from "./ping.tsx";
import { ResetNotice } from "./reset-notice.tsx";
import { TestEvent } from "./test-event.tsx";
import type { Entry, Visit } from "./visit.ts";

const WORDS: Record<ConnectionState, string> = {
  connecting: "Connecting…",
  connected: "Live",
  reconnecting: "Connection lost, reconnecting…",
  closed: "Closed by the hub",
};

export function LivePage({ visit }: { visit: Visit }) {
  const entry = useSnapshot(visit.entry);
  const isLocked = entry.ask !== null && !entry.wasIn;
  return (
    <ReactorProvider reactor={entry.reactor}>
      <Header {...entry} />
      <main>
        {entry.ask && <AccessForm ask={entry.ask} show={(credential) => visit.show(credential)} />}
        {!isLocked && <Content visit={visit} entry={entry} />}
      </main>
    </ReactorProvider>
  );
}

function Header({ reactor, ask }: Entry) {
  const state = useConnectionState(reactor);
  const { error } = useReactor();
  return (
    <header>
      <h1>Reactor</h1>
      <p className={`state ${state}`} role="status" data-reactor="connection-status" data-state={state}>
        {state === "closed" && ask ? "Waiting for a key or token" : WORDS[state]}
      </p>
      {error && !ask && <p className="error">{error.message}</p>}
    </header>
  );
}

/** The content for authorized visitors. */
function Content({ visit, entry }: { visit: Visit; entry: Entry }) {
  const { reactor, credential } = entry;
  return (
    <>
      <ResetNotice resets={visit.resets} />
      <Panels {...useSnapshot(visit.readings)} />
      <HubPanel entry={entry} channel={visit.channel} />
      <div className="controls">
        <TestEvent channel={visit.channel} credential={credential} />
        <Ping reactor={reactor} />
        <Notifications reactor={reactor} />
      </div>
      <EventList {...useSnapshot(visit.feed)} />
    </>
  );
}
