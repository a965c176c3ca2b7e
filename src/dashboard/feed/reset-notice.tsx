// Warns that events may be missing, after the hub could not resume at the page's cursor.
import type { Reset } from "../../client/index.ts";
import { type Snapshot, useSnapshot } from "../../react/snapshot.ts";

const WORDS: Record<Reset["reason"], string> = {
  trimmed: "Some events are missing: the hub no longer keeps them. The page resumes from the oldest one kept.",
  epoch: "Some events may be missing: the hub has begun a new history. The page continues from now.",
  ahead: "Some events may be missing: the hub has lost its newest events. The page continues from now.",
};

export function ResetNotice({ resets }: { resets: Snapshot<Reset | null> }) {
  const reset = useSnapshot(resets);
  if (!reset) return null;
  return (
    <p className="notice" role="alert" data-reactor="reset-notice">
      {WORDS[reset.reason] ?? WORDS.epoch}{" "}
      <button type="button" onClick={() => resets.update(() => null)}>
        Dismiss
      </button>
    </p>
  );
}
