// The page at `/live`: a channel, or two of them side by side.
import { useEffect } from "react";
import { useSnapshot } from "../react/snapshot.ts";
import { ChannelView } from "./channel-view.tsx";
import { ChannelSwitcher } from "./channels/channel-switcher.tsx";
import { shownName } from "./channels/page-address.ts";
import { KeySheet } from "./keys/key-sheet.tsx";
import type { PageChannels } from "./page-channels.ts";
import { pageTitle } from "./words/page-title.ts";

export function LivePage({ channels }: { channels: PageChannels }) {
  const sessions = useSnapshot(channels.sessions);
  const shown = sessions.map(({ visit }) => visit.channel);
  const title = pageTitle(shown.map(shownName));

  useEffect(() => {
    document.title = title;
  }, [title]);

  return (
    <>
      <main className="channels">
        {sessions.map((session, at) => (
          <ChannelView key={session.visit.channel ?? ""} session={session}>
            <ChannelSwitcher shown={shown} at={at} show={(names) => channels.show(names)} />
          </ChannelView>
        ))}
      </main>
      <footer>
        <KeySheet />
      </footer>
    </>
  );
}
