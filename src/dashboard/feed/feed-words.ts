// The feed's words.
import type { Reset } from "../../client/index.ts";
import type { Table } from "../words/language.ts";

export interface FeedWords {
  readonly events: string;
  readonly received: string;
  readonly pause: string;
  resume(waiting: string): string;
  readonly filter: string;
  readonly filterHint: string;
  readonly clear: string;
  readonly time: string;
  readonly ranges: Readonly<Record<"any" | "5" | "60" | "today" | "between", string>>;
  readonly from: string;
  readonly to: string;
  shown(matching: string, loaded: string): string;
  readonly noMatch: string;
  fresh(count: string): string;
  readonly types: string;
  filterBy(type: string, count: string): string;
  readonly loading: string;
  readonly live: string;
  readonly resets: Readonly<Record<Reset["reason"], string>>;
  readonly removed: string;
  readonly deleted: string;
  readonly unknown: string;
  readonly first: string;
  readonly olderDeleted: string;
  readonly olderLoading: string;
  readonly olderFailed: string;
  readonly retry: string;
  readonly loadOlder: string;
  readonly emptyTitle: string;
  readonly emptyHow: string;
  readonly copy: string;
  readonly copyJson: string;
  readonly copyCurl: string;
  readonly copyLink: string;
  readonly event: string;
  readonly back: string;
  readonly close: string;
  readonly newer: string;
  readonly older: string;
  readonly members: Readonly<Record<"type" | "source" | "id" | "seq" | "cursor" | "timestamp", string>>;
  readonly data: string;
  readonly foldAll: string;
  readonly unfoldAll: string;
  moreLines(count: string): string;
  items(count: string): string;
  characters(count: string): string;
  readonly emitAgain: string;
  emitted(cursor: string): string;
  readonly key: string;
  readonly emit: string;
}

export const FEED_WORDS: Table<FeedWords> = {
  name: "feed",
  en: {
    events: "Events",
    received: "received",
    pause: "Pause",
    resume: (waiting) => `Resume · ${waiting} waiting`,
    filter: "Filter events",
    filterHint: "Filter: text, or type:news_* source:shop",
    clear: "Clear",
    time: "Time",
    ranges: { any: "Any time", "5": "Last 5 minutes", "60": "Last hour", today: "Today", between: "From … to …" },
    from: "From",
    to: "To",
    shown: (matching, loaded) => `${matching} of ${loaded}`,
    noMatch: "No loaded event matches the filter.",
    fresh: (count) => `${count} new`,
    types: "Types",
    filterBy: (type, count) => `${type}: ${count}. Show only this type.`,
    loading: "Loading events…",
    live: "Live from here",
    resets: {
      trimmed: "Events are missing here: the hub no longer keeps them. The page resumes from the oldest one kept.",
      epoch: "Events may be missing here: the hub has begun a new history. The page continues from now.",
      ahead: "Events may be missing here: the hub has lost its newest events. The page continues from now.",
    },
    removed: "This event was removed by an operator.",
    deleted: "This event was deleted: the hub no longer keeps events this old.",
    unknown: "This channel's log has no such event. It may belong to an earlier history of the hub.",
    first: "The first event of this channel",
    olderDeleted: "Older events were deleted",
    olderLoading: "Loading older events…",
    olderFailed: "Older events could not be loaded.",
    retry: "Try again",
    loadOlder: "Load older events",
    emptyTitle: "No events yet",
    emptyHow: "Send the first one from a terminal. It appears here the moment it arrives.",
    copy: "Copy",
    copyJson: "Copy JSON",
    copyCurl: "Copy as curl",
    copyLink: "Copy link",
    event: "Event",
    back: "Back",
    close: "Close",
    newer: "Newer event",
    older: "Older event",
    members: { type: "Type", source: "Source", id: "Id", seq: "Seq", cursor: "Cursor", timestamp: "Time" },
    data: "Data",
    foldAll: "Fold all",
    unfoldAll: "Unfold all",
    moreLines: (count) => `Show ${count} more`,
    items: (count) => (count === "1" ? "1 item" : `${count} items`),
    characters: (count) => `${count} characters`,
    emitAgain: "Emit again",
    emitted: (cursor) => `Sent as ${cursor}.`,
    key: "Key or token",
    emit: "Emit",
  },
};
