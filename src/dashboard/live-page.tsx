// The page at `/live`: a channel, or two of them side by side.

import { DEFAULT_CHANNEL } from "../wire/channel.ts";
import { SignOut } from "./access/sign-out.tsx";
import type { ChannelSession } from "./channel-session.ts";
import { ChannelView, InChannel } from "./channel-view.tsx";
import { PageTitle } from "./glance/page-title.tsx";
import { RoundTrip } from "./glance/round-trip.tsx";
import { StatusMark } from "./glance/status-line.tsx";
import { useWords } from "./words/language.ts";
import { PAGE_WORDS } from "./words/page-words.ts";
import { ShortcutSheet } from "./words/shortcut-sheet.tsx";
import { LanguageSwitch, ThemeSwitch } from "./words/switches.tsx";

export function LivePage({ sessions }: { sessions: readonly ChannelSession[] }) {
  const words = useWords(PAGE_WORDS);
  return (
    <>
      <PageTitle sessions={sessions} />
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="bar">
        <h1>Reactor</h1>
        {sessions.map((session) => (
          <InChannel key={session.visit.channel ?? ""} session={session}>
            <div className="bar-channel">
              <span className="channel-name">{session.visit.channel ?? DEFAULT_CHANNEL}</span>
              <StatusMark />
              <RoundTrip />
              <SignOut />
            </div>
          </InChannel>
        ))}
        <div className="bar-tools">
          <ThemeSwitch />
          <LanguageSwitch />
          <ShortcutSheet shortcuts={[]} />
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
