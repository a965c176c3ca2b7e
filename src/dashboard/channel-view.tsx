// One channel: its state, its figures, the events, and what an operator does with them. Where the hub requires a key or token, the
// page asks for one first.
import type { ReactNode } from "react";
import { ReactorProvider } from "../react/index.ts";
import { useSnapshot } from "../react/snapshot.ts";
import { AccessForm } from "./access/access-form.tsx";
import { Cards } from "./cards/cards.tsx";
import type { ChannelSession } from "./channel-session.ts";
import { shownName } from "./channels/page-address.ts";
import { ConnectionsPanel } from "./connections/connections-panel.tsx";
import { EmitForm } from "./emit/emit-form.tsx";
import { Notifications } from "./emit/notifications.tsx";
import { TestEvent } from "./emit/test-event.tsx";
import { EventList } from "./feed/event-list.tsx";
import { ResetNotice } from "./feed/reset-notice.tsx";
import { HubPanel } from "./glance/hub-panel.tsx";
import { Ping } from "./glance/ping.tsx";
import { StatusHeader } from "./glance/status-header.tsx";
import { VisitContext } from "./visit/visit-context.ts";

/** @param children what stands beside the state of the connection */
export function ChannelView({ session, children }: { session: ChannelSession; children: ReactNode }) {
  const { visit } = session;
  const entry = useSnapshot(visit.entry);
  const isLocked = entry.ask !== null && !entry.wasIn;
  return (
    <VisitContext value={visit}>
      <ReactorProvider reactor={entry.reactor}>
        <section className="channel" aria-label={shownName(visit.channel)} data-channel={shownName(visit.channel)}>
          <StatusHeader>{children}</StatusHeader>
          {entry.ask && <AccessForm ask={entry.ask} show={(credential) => visit.show(credential)} />}
          {!isLocked && <Parts session={session} />}
        </section>
      </ReactorProvider>
    </VisitContext>
  );
}

/** What authorized visitors see. */
function Parts({ session: { visit, feed, readings, types, connections } }: { session: ChannelSession }) {
  const { reactor } = useSnapshot(visit.entry);
  return (
    <>
      <ResetNotice resets={feed.resets} />
      <HubPanel entry={useSnapshot(visit.entry)} channel={visit.channel} />
      <EventList {...useSnapshot(feed.feed)} />
      <div className="controls">
        <TestEvent />
        <Ping reactor={reactor} />
        <Notifications />
      </div>
      <EmitForm types={types.types} />
      <ConnectionsPanel store={connections} />
      <Cards {...useSnapshot(readings.readings)} />
    </>
  );
}
