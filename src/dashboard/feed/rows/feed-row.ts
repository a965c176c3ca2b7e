// What the list consists of: events, and marks of what happened between them.
import type { ReactorEvent, Reset } from "../../../client/index.ts";
import { dataText } from "../../words/data-text.ts";

/** An event without its data. */
export type Envelope = Omit<ReactorEvent, "data">;

export interface EventRow {
  readonly kind: "event";
  /** Ascending from the oldest row to the newest. */
  readonly key: number;
  readonly envelope: Envelope;
  /** The JSON of its data: a text takes less memory than the values, and most events are never opened. */
  readonly text: string;
  /** `null`: it is not in the log. */
  readonly cursor: string | null;
}

/** What a mark says; it stands between the events before and those after. */
export type Mark =
  /** What is newer came while the page was open. */
  | { readonly kind: "live" }
  /** The hub could not resume where the page was. */
  | { readonly kind: "reset"; readonly reason: Reset["reason"] }
  /** In the place of an event that an operator took out. */
  | { readonly kind: "removed"; readonly cursor: string };

export type MarkRow = Mark & { readonly key: number };

export type FeedRow = EventRow | MarkRow;

export function eventRow(key: number, { data, ...envelope }: ReactorEvent, cursor: string | null): EventRow {
  return { kind: "event", key, envelope, text: dataText(data), cursor };
}
