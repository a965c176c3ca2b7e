// The feed's keys: what they do, for the keyboard and for the sheet that lists them.
import type { Table } from "../words/language.ts";

export type FeedAction = "filter" | "pause" | "older" | "newer" | "open" | "close";

export interface FeedKey {
  /** Each as `KeyboardEvent.key`. */
  readonly keys: readonly string[];
  readonly action: FeedAction;
}

/** In an open event the arrows up and down scroll, those to the sides move. */
export const FEED_KEYS: readonly FeedKey[] = [
  { keys: ["/"], action: "filter" },
  { keys: ["p", " "], action: "pause" },
  { keys: ["j", "ArrowDown", "ArrowRight"], action: "older" },
  { keys: ["k", "ArrowUp", "ArrowLeft"], action: "newer" },
  { keys: ["Enter"], action: "open" },
  { keys: ["Escape"], action: "close" },
];

export function actionOf(key: string): FeedAction | undefined {
  return FEED_KEYS.find(({ keys }) => keys.includes(key))?.action;
}

export const FEED_KEY_WORDS: Table<Readonly<Record<FeedAction, string>>> = {
  name: "feedKeys",
  en: {
    filter: "Filter the events",
    pause: "Pause, resume",
    older: "Next event, the one before it",
    newer: "Previous event, the one after it",
    open: "Open the event",
    close: "Close the event",
  },
};
