// A channel without events: the command that emits the first one, on this very hub.

import { curlLine } from "../../visit/curl-line.ts";
import { CopyButton } from "../../words/copy-button.tsx";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS } from "../feed-words.ts";

const FIRST = { type: "hello", data: { text: "Hello, Reactor" } };

export function EmptyFeed({ channel }: { channel: string | null }) {
  const words = useWords(FEED_WORDS);
  const line = curlLine(location, channel, FIRST);
  return (
    <div className="feed-empty" data-reactor="feed-empty">
      <h3>{words.emptyTitle}</h3>
      <p>{words.emptyHow}</p>
      <pre>
        <code>{line}</code>
      </pre>
      <CopyButton text={() => line} label={words.copy} />
    </div>
  );
}
