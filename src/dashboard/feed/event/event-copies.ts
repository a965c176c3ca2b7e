// An open event as text, for the clipboard.
import type { Json } from "../../../client/index.ts";
import type { Emission } from "../../visit/emit-event.ts";
import type { EventRow } from "../rows/feed-row.ts";

/** Beyond it the indentation may be a thousand times the data. */
const INDENTED_UNITS = 65_536;

export function dataOf({ text }: EventRow): Json {
  return JSON.parse(text) as Json;
}

export function eventJson(row: EventRow): string {
  return JSON.stringify({ ...row.envelope, data: dataOf(row) }, null, row.text.length > INDENTED_UNITS ? 0 : 2);
}

/** The same event as a new one: without its id, with which it would be a retry. */
export function draftOf(row: EventRow): Emission {
  const { type, source } = row.envelope;
  const isOwn = source !== "system" && !source.startsWith("user:"); // those a publisher cannot give
  return { type, ...(isOwn && { source }), data: dataOf(row) };
}
