// What is before the oldest row.
import { useSnapshot } from "../../../react/snapshot.ts";
import { useWords } from "../../words/language.ts";
import type { FeedStore } from "../feed-store.ts";
import { FEED_WORDS } from "../feed-words.ts";

export function ListEnd({ store }: { store: FeedStore }) {
  const words = useWords(FEED_WORDS);
  const { older, olderFault, isFiltered, matching } = useSnapshot(store.state);
  const button = (text: string) => (
    <button type="button" onClick={() => void store.loadOlder()}>
      {text}
    </button>
  );
  return (
    <div className="feed-end" data-reactor="feed-end" data-older={older}>
      {isFiltered && matching === 0 && <p>{words.noMatch}</p>}
      {olderFault !== "" && (
        <p role="alert">
          {words.olderFailed} {olderFault} {button(words.retry)}
        </p>
      )}
      {older === "loading" && <p>{words.olderLoading}</p>}
      {older === "first" && <p>{words.first}</p>}
      {older === "deleted" && <p>{words.olderDeleted}</p>}
      {older === "more" && olderFault === "" && isFiltered && button(words.loadOlder)}
    </div>
  );
}
