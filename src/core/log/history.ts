// The log as it is read over HTTP: pages behind a cursor, as the stream replays them, or before one.
import { type Cursor, formatCursor } from "../../wire/cursor.ts";
import type { Interest } from "../access/match.ts";
import { hash53 } from "./content.ts";
import type { BidirectionalLog } from "./event-log.ts";
import { type PageLimits, pagesOf } from "./page.ts";
import { READ_LIMITS, readBack } from "./read-back.ts";
import { readHeard } from "./read-heard.ts";
import { type Resumption, resume } from "./resume.ts";

/** Where a page begins: after a position (`null`: before the oldest kept event), before one, or with the newest events. */
export type HistoryStart =
  | { readonly at: "after"; readonly cursor: Cursor | null }
  | { readonly at: "before"; readonly cursor: Cursor }
  | { readonly at: "last" };

/** What a page may have: so many events, and so many bytes of them, or one event that is larger. */
export type HistoryLimits = Pick<PageLimits, "events" | "bytes">;

export interface HistoryPage {
  /** JSON: `{after, cursor, more, events}`, and `head` if `cursor` is the head, and `reset` where there is one. */
  readonly text: string;
  /**
   * Of a full page behind the head, which appending and deleting the oldest events do not change; else `null`. It has the number of
   * events: one that was taken out is one less, or the page goes further.
   */
  readonly etag: string | null;
}

/**
 * One page: the matching events of (`after`, `cursor`], ascending. `more`: whether the log goes on in the direction in which it is
 * read. A page may hold fewer events than its limit before that: it ends at the bytes that it may have, or after 10,000 events that were read.
 */
export function readHistory(
  log: BidirectionalLog,
  start: HistoryStart,
  interest: Interest,
  most: HistoryLimits,
): HistoryPage {
  const { epoch, seq: head } = log.cursor;
  const { from, reset } = resumptionOf(log, start);
  const limits = { ...READ_LIMITS, ...most };
  const { after, to, more, events, count } =
    start.at === "after"
      ? readForwards(log, from.seq, interest, limits)
      : readBackwards(log, from.seq, interest, limits);
  const members = {
    after: formatCursor({ epoch, seq: after }),
    cursor: formatCursor({ epoch, seq: to }),
    more,
    ...(to === head && { head: formatCursor(log.cursor) }),
    ...(reset && { reset }),
  };
  return {
    text: `${JSON.stringify(members).slice(0, -1)},"events":[${events.join(",")}]}`,
    etag: more && to < head && !reset ? `"${epoch}.${after}-${to}.${count}.${hashOf(interest)}"` : null,
  };
}

function resumptionOf(log: BidirectionalLog, start: HistoryStart): Resumption {
  if (start.at === "last") return { from: log.cursor, reset: null };
  if (start.cursor !== null) return resume(start.cursor, log);
  return { from: { epoch: log.cursor.epoch, seq: log.oldest - 1 }, reset: null };
}

interface Range {
  readonly after: number;
  readonly to: number;
  readonly more: boolean;
  /** As JSON texts, perhaps several in one. */
  readonly events: readonly string[];
  readonly count: number;
}

function readForwards(log: BidirectionalLog, after: number, interest: Interest, limits: PageLimits): Range {
  const pages = pagesOf(readHeard(log, after, interest), after, limits);
  const page = pages.next().value;
  const to = page && !page.end ? page.to : log.cursor.seq;
  return { after, to, more: to < log.cursor.seq, events: page?.events ?? [], count: page?.count ?? 0 };
}

function readBackwards(log: BidirectionalLog, to: number, interest: Interest, limits: PageLimits): Range {
  const { after, events } = readBack(log, to, interest, limits);
  const texts = events.map(({ event }) => event);
  return { after, to, more: after >= log.oldest, events: texts, count: texts.length };
}

function hashOf({ asked, allowed }: Interest): string {
  return hash53(JSON.stringify([asked, allowed])).toString(36);
}
