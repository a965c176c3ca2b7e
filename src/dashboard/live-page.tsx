// The page at `/live`: a channel, or two of them side by side.

import { useSnapshot } from "../react/snapshot.ts";
import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { SignOut } from "./access/sign-out.tsx";
import { ChannelView, InChannel } from "./channel-view.tsx";
import { ChannelSwitcher } from "./channels/channel-switcher.tsx";
import { FEED_KEY_WORDS, FEED_KEYS } from "./feed/feed-keys.ts";
import { PageTitle } from "./glance/page-title.tsx";
import { RoundTrip } from "./glance/round-trip.tsx";
import { StatusMark } from "./glance/status-line.tsx";
import { KeySheet } from "./keys/key-sheet.tsx";
import type { PageChannels } from "./page-channels.ts";
import { useWords } from "./words/language.ts";
import { PAGE_WORDS } from "./words/page-words.ts";
import { LanguageSwitch, ThemeSwitch } from "./words/switches.tsx";

export function LivePage({ channels }: { channels: PageChannels }) {
  const words = useWords(PAGE_WORDS);
  const feedWords = useWords(FEED_KEY_WORDS);
  const sessions = useSnapshot(channels.sessions);
  const shown = sessions.map(({ visit }) => visit.channel);
  const feedKeys = FEED_KEYS.map(({ keys, action }) => ({ keys, does: feedWords[action] }));
  return (
    <>
      <PageTitle sessions={sessions} />
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="top">
        <h1>Reactor</h1>
        {sessions.map((session, at) => (
          <InChannel key={session.visit.channel ?? ""} session={session}>
            <div className="top-channel" data-channel={shown[at] ?? DEFAULT_CHANNEL}>
              <ChannelSwitcher shown={shown} at={at} show={(names) => channels.show(names)} />
              <StatusMark />
              <RoundTrip />
              <SignOut />
            </div>
          </InChannel>
        ))}
        <div className="top-tools">
          <ThemeSwitch />
          <LanguageSwitch />
          <KeySheet groups={[{ title: words.events, rows: feedKeys }]} />
        </div>
      </header>
      <main className="channels" id="main" tabIndex={-1}>
        {sessions.map((session) => (
          <ChannelView key={session.visit.channel ?? ""} session={session} />
        ))}
      </main>
    </>
  );
}
