// The log as it is read over HTTP: pages behind a cursor, as the stream replays them.
import { type Cursor, formatCursor } from "../../wire/cursor.ts";
import { MAX_REQUEST_BYTES } from "../../wire/limits.ts";
import { filterOf, type Interest } from "../access/match.ts";
import type { ReadableLog } from "./event-log.ts";
import { pagesOf } from "./page.ts";
import { resume } from "./resume.ts";

/**
 * One page as JSON text: `{after, cursor, head, events}`, and `reset` where there is one. `cursor` is the client's
 * position then; where it equals `head` there is no more. A page may hold fewer events than `limit` before that: it
 * ends at 4 MiB or after 10,000 events that were read.
 *
 * @param after the client's position; `null`: before the oldest kept event
 */
export function readHistory(log: ReadableLog, after: Cursor | null, interest: Interest, limit: number): string {
  const { epoch, seq: head } = log.cursor;
  const { from, reset } = after === null ? { from: { epoch, seq: log.oldest - 1 }, reset: null } : resume(after, log);
  const limits = { bytes: MAX_REQUEST_BYTES, scanned: 10_000, events: limit };
  const page = pagesOf(log.read(from.seq, filterOf(interest)), from.seq, limits).next().value;
  const to = page && !page.end ? page.to : head;
  const place = { after: formatCursor(from), cursor: formatCursor({ epoch, seq: to }), head: formatCursor(log.cursor) };
  const members = JSON.stringify(reset ? { ...place, reset } : place);
  return `${members.slice(0, -1)},"events":[${page?.events.join(",") ?? ""}]}`;
}
