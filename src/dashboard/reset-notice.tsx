// Says that the page is not complete, where the hub could not go on where the page was.
import type { Reset } from "../client/index.ts";
import { type Snapshot, useSnapshot } from "../react/snapshot.ts";

const WORDS: Record<Reset["reason"], string> = {
  trimmed: "Some events are gone: they are no longer kept. The page goes on from the oldest that is.",
  epoch: "Some events may be gone: the hub has begun a new history. The page goes on from now.",
  ahead: "Some events may be gone: the hub was ahead of where it is now. The page goes on from now.",
};

export function ResetNotice({ resets }: { resets: Snapshot<Reset | null> }) {
  const reset = useSnapshot(resets);
  if (!reset) return null;
  return (
    <p className="notice" role="alert" data-reactor="reset-notice">
      {WORDS[reset.reason] ?? WORDS.epoch}{" "}
      <button type="button" onClick={() => resets.update(() => null)}>
        I know
      </button>
    </p>
  );
}
