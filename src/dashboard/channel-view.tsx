// One channel: its figures, its events, and what an operator does with them. Where the hub requires a key or token, the page asks for one
// first.
import type { ReactNode } from "react";
import { ReactorProvider } from "../react/index.ts";
import { useSnapshot } from "../react/snapshot.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { AccessForm } from "./access/access-form.tsx";
import { Cards } from "./cards/cards.tsx";
import type { ChannelSession } from "./channel-session.ts";
import { shownName } from "./channels/page-address.ts";
import { ConnectionsPanel } from "./connections/connections-panel.tsx";
import { EmitForm } from "./emit/emit-form.tsx";
import { Notifications } from "./emit/notifications.tsx";
import { TestEvent } from "./emit/test-event.tsx";
import { Feed } from "./feed/feed.tsx";
import { Charts } from "./glance/charts.tsx";
import { FigureStrip } from "./glance/figure-strip.tsx";
import { StatusAdvice } from "./glance/status-line.tsx";
import { StatsContext } from "./glance/use-glance.ts";
import { VisitContext } from "./visit/visit-context.ts";
import { useWords } from "./words/language.ts";
import { PAGE_WORDS } from "./words/page-words.ts";

/** What components need around them to show something of a channel. */
export function InChannel({ session, children }: { session: ChannelSession; children: ReactNode }) {
  return (
    <VisitContext value={session.visit}>
      <StatsContext value={session.stats}>{children}</StatsContext>
    </VisitContext>
  );
}

export function ChannelView({ session }: { session: ChannelSession }) {
  const words = useWords(PAGE_WORDS);
  const { visit } = session;
  const entry = useSnapshot(visit.entry);
  const isShown = entry.wasIn || (entry.ask === null && entry.state !== "closed");
  return (
    <InChannel session={session}>
      <ReactorProvider reactor={entry.reactor}>
        <section
          className="channel"
          aria-label={words.channel(visit.channel ?? DEFAULT_CHANNEL)}
          data-channel={shownName(visit.channel)}
        >
          <StatusAdvice />
          {entry.ask && <AccessForm ask={entry.ask} show={(credential, isKept) => visit.show(credential, isKept)} />}
          {isShown && <Parts session={session} />}
        </section>
      </ReactorProvider>
    </InChannel>
  );
}

/** What authorized visitors see. */
function Parts({ session: { feed, readings, types, connections } }: { session: ChannelSession }) {
  const words = useWords(PAGE_WORDS);
  return (
    <>
      <FigureStrip />
      <div className="work">
        <div className="before">
          <Charts />
        </div>
        <Feed store={feed} />
        <aside className="side" aria-label={words.beside}>
          <div className="controls">
            <TestEvent />
            <Notifications />
          </div>
          <EmitForm types={types.types} />
          <Cards {...useSnapshot(readings.readings)} />
          <ConnectionsPanel store={connections} />
        </aside>
      </div>
    </>
  );
}
