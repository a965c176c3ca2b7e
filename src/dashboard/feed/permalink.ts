// The address of an event: it is in the fragment, which no server sees and no log has.
import { parseCursor } from "../../wire/cursor.ts";

/** @param channel `null`: the default one */
export function permalinkOf(origin: string, channel: string | null, cursor: string): string {
  const query = channel === null ? "" : `?channel=${encodeURIComponent(channel)}`;
  return `${origin}/live${query}#event=${cursor}`;
}

/** The cursor of the event that an address names. */
export function eventIn(fragment: string): string | null {
  const cursor = new URLSearchParams(fragment.replace(/^#/, "")).get("event");
  return parseCursor(cursor) ? cursor : null;
}
