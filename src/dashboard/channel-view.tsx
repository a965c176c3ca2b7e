// One channel: its state, its figures, the events, and what an operator does with them. Where the hub requires a key or token, the
// page asks for one first.
import { ReactorProvider } from "../react/index.ts";
import { useSnapshot } from "../react/snapshot.ts";
import { AccessForm } from "./access/access-form.tsx";
import { Panels } from "./cards/panels.tsx";
import type { ChannelSession } from "./channel-session.ts";
import { Notifications } from "./emit/notifications.tsx";
import { TestEvent } from "./emit/test-event.tsx";
import { Feed } from "./feed/feed.tsx";
import { HubPanel } from "./glance/hub-panel.tsx";
import { Ping } from "./glance/ping.tsx";
import { StatusHeader } from "./glance/status-header.tsx";
import { VisitContext } from "./visit/visit-context.ts";

export function ChannelView({ session }: { session: ChannelSession }) {
  const { visit } = session;
  const entry = useSnapshot(visit.entry);
  const isLocked = entry.ask !== null && !entry.wasIn;
  return (
    <VisitContext value={visit}>
      <ReactorProvider reactor={entry.reactor}>
        <StatusHeader />
        <main>
          {entry.ask && <AccessForm ask={entry.ask} show={(credential) => visit.show(credential)} />}
          {!isLocked && <Parts session={session} />}
        </main>
      </ReactorProvider>
    </VisitContext>
  );
}

/** What authorized visitors see. */
function Parts({ session: { visit, feed, readings } }: { session: ChannelSession }) {
  const { reactor, credential } = useSnapshot(visit.entry);
  return (
    <>
      <HubPanel entry={useSnapshot(visit.entry)} channel={visit.channel} />
      <Feed store={feed} />
      <div className="controls">
        <TestEvent channel={visit.channel} credential={credential} />
        <Ping reactor={reactor} />
        <Notifications reactor={reactor} />
      </div>
      <Panels {...useSnapshot(readings.readings)} />
    </>
  );
}
