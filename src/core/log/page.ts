// Cuts a part of the log into pages of what one frame may hold. Replay and history are cut here.
import { MAX_FRAME_BYTES } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import { hearer, type Interest } from "../access/match.ts";
import type { LoggedEvent } from "./event-log.ts";

/** The events of a part of the log that match `interest`. */
export interface Page {
  /** Events as JSON texts, in order. */
  readonly events: readonly string[];
  /** The seq of the last event that was read. The page covers everything up to it. */
  readonly to: number;
  /** What a frame with these events takes at most, in bytes. */
  readonly bytes: number;
  /** Whether the log ended with this page. */
  readonly end: boolean;
}

export interface PageLimits {
  readonly bytes: number;
  /** Events that are read, matching or not: a filter that matches nothing must not make one turn read a whole log. */
  readonly rows: number;
  readonly events: number;
}

/** What one frame holds. 10,000 rows are read in about 30 ms. */
export const FRAME_PAGE: PageLimits = { bytes: MAX_FRAME_BYTES, rows: 10_000, events: Number.POSITIVE_INFINITY };

/**
 * Cuts events, which begin behind `after`, page by page; a page is at most as large as `limits` say, or exactly one
 * event. The last one has `end`, and may be empty. Reads no further than the iterated pages, and one event more.
 */
export function* pagesOf(
  run: Iterable<LoggedEvent>,
  after: number,
  interest: Interest,
  limits: PageLimits,
): Generator<Page, void> {
  const hears = hearer(interest);
  let events: string[] = [];
  let bytes = EVENTS_FRAME_BYTES;
  let rows = 0;
  let to = after;
  for (const { seq, type, event, bytes: size } of run) {
    const heard = hears(type);
    const eventBytes = heard ? size + 1 : 0;
    const isFull = events.length > 0 && (bytes + eventBytes > limits.bytes || events.length === limits.events);
    if ((heard && isFull) || rows === limits.rows) {
      yield { events, to, bytes, end: false };
      [events, bytes, rows] = [[], EVENTS_FRAME_BYTES, 0];
    }
    if (heard) events.push(event);
    bytes += eventBytes;
    rows += 1;
    to = seq;
  }
  yield { events, to, bytes, end: true };
}
