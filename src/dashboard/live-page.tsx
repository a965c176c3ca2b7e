// The page at `/live`: a channel, or two of them side by side.

import type { ChannelSession } from "./channel-session.ts";
import { ChannelView } from "./channel-view.tsx";

export function LivePage({ sessions }: { sessions: readonly ChannelSession[] }) {
  return (
    <div className="channels">
      {sessions.map((session) => (
        <ChannelView key={session.visit.channel ?? ""} session={session} />
      ))}
    </div>
  );
}
