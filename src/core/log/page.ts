// Cuts a part of the log into pages of what one frame may hold. Replay and history are cut here.
import { MAX_FRAME_BYTES } from "../../wire/limits.ts";
import { EVENTS_FRAME_BYTES } from "../../wire/server-frame.ts";
import type { Slice } from "./slice.ts";

/** The events of a part of the log that are wanted. */
export interface Page {
  /** Events as JSON texts, in order; a text may have several, with commas between them. */
  readonly events: readonly string[];
  /** How many events these are. */
  readonly count: number;
  /** The seq up to which the page covers the log. */
  readonly to: number;
  /** What a frame with these events takes at most, in bytes. */
  readonly bytes: number;
  /** How many events were looked at for it, about. */
  readonly scanned: number;
  /** Whether the log ended with this page. */
  readonly end: boolean;
}

export interface PageLimits {
  readonly bytes: number;
  /** Events that are looked at, wanted or not: a filter that matches nothing must not make one turn read a whole log. */
  readonly scanned: number;
  readonly events: number;
}

/** What one frame holds. 10,000 events are looked at in about 5 ms. */
export const FRAME_PAGE: PageLimits = { bytes: MAX_FRAME_BYTES, scanned: 10_000, events: Number.POSITIVE_INFINITY };

/**
 * Cuts ascending slices, which begin behind `after`, page by page; a page is at most as large as `limits` say, or exactly one
 * event. It ends with a slice where it has scanned as much as it may, or is half full and the next one would have to be cut.
 * The last one has `end`, and may be empty. Reads no further than the iterated pages, and one slice more.
 */
export function* pagesOf(slices: Iterable<Slice>, after: number, limits: PageLimits): Generator<Page, void> {
  let page = emptyPage(after);
  for (const slice of slices) {
    const isHalfFull = 2 * page.bytes > limits.bytes;
    if (page.scanned >= limits.scanned || (isHalfFull && slice.joined && !fits(slice, page, limits))) {
      yield { ...page, end: false };
      page = emptyPage(page.to);
    }
    if (slice.joined && fits(slice, page, limits)) add(page, slice.joined.text(), slice.joined.bytes, slice.scanned);
    else {
      for (const { seq, event, bytes } of slice.events) {
        if (page.count > 0 && (page.bytes + bytes + 1 > limits.bytes || page.count === limits.events)) {
          yield { ...page, to: seq - 1, end: false };
          page = emptyPage(seq - 1);
        }
        add(page, event, bytes, 1);
      }
    }
    page.scanned += slice.scanned;
    page.to = slice.to;
  }
  yield { ...page, end: true };
}

interface OpenPage {
  readonly events: string[];
  count: number;
  bytes: number;
  scanned: number;
  to: number;
}

/** Whether a slice fits as one text. */
function fits({ joined, scanned }: Slice, { bytes, count }: OpenPage, limits: PageLimits): boolean {
  return joined !== undefined && bytes + joined.bytes + 1 <= limits.bytes && count + scanned <= limits.events;
}

function emptyPage(to: number): OpenPage {
  return { events: [], count: 0, bytes: EVENTS_FRAME_BYTES, scanned: 0, to };
}

function add(page: OpenPage, text: string, bytes: number, count: number): void {
  page.events.push(text);
  page.count += count;
  page.bytes += bytes + 1;
}
