// What the feed shows of a visit. Events are taken in as they come; components hear of them once for each frame.

import type { ReactorEvent } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { formatCursor, parseCursor } from "../../wire/cursor.ts";
import type { Visit } from "../visit/visit.ts";
import { FeedWindow } from "./rows/feed-window.ts";
import type { RowFilter } from "./rows/row-filter.ts";
import { type TypeCount, topTypes } from "./rows/top-types.ts";
import { Selection } from "./selection.ts";

/** Of older events: more than a screen shows, and small enough to come at once. */
const PAGE_EVENTS = "200";

/** As many counts as one looks through. */
const SHOWN_TYPES = 30;

/**
 * What is before the oldest row:
 * - `none`: there are no rows
 * - `more`: there may be older events
 * - `loading`
 * - `first`: nothing, it is the channel's first event
 * - `deleted`: events that the hub no longer keeps
 */
export type Older = "none" | "more" | "loading" | "first" | "deleted";

export interface FeedState {
  /** How many events came over the connection. */
  readonly received: number;
  /** Whether what was in the log when the page was opened has come. */
  readonly isOpened: boolean;
  readonly isPaused: boolean;
  /** Whether the list follows what comes: else it stands still under the eye. */
  readonly isFollowing: boolean;
  /** How often the visitor asked for the newest events: the list goes to its top then. */
  readonly jumps: number;
  /** Loaded events, without those that are held back. */
  readonly loaded: number;
  readonly isFiltered: boolean;
  /** Loaded events that pass the filter. */
  readonly matching: number;
  /** Events that are held back. */
  readonly waiting: number;
  /** Those of them that pass the filter. */
  readonly fresh: number;
  readonly types: readonly TypeCount[];
  readonly older: Older;
  /** Why older events could not be loaded, or empty. */
  readonly olderFault: string;
}

/** A page of the log, as `GET /api/events` answers it. */
interface LogPage {
  readonly after: string;
  readonly more: boolean;
  readonly events: readonly ReactorEvent[];
  readonly reset?: unknown;
}

export class FeedStore {
  readonly state: Snapshot<FeedState>;
  /** Read it together with `state`, which changes when it does. */
  readonly window = new FeedWindow();
  readonly selection: Selection;
  readonly #visit: Visit;
  #received = 0;
  #isOpened = false;
  #isPaused = false;
  #isAtTop = true;
  #jumps = 0;
  /** What is known to be before the event at `at`. */
  #end: { readonly at: string | undefined; readonly kind: "first" | "deleted" } | null = null;
  #isLoading = false;
  #olderFault = "";
  #isStale = false;

  constructor(visit: Visit) {
    this.#visit = visit;
    this.selection = new Selection(visit, this.window);
    this.state = new Snapshot<FeedState>(this.#read());
    visit.listen({
      event: (event, _wasKept, cursor) => {
        this.#received++;
        this.window.add(event, cursor);
        this.#publish();
      },
      opened: () => {
        this.#isOpened = true;
        if (this.#received > 0) this.window.mark({ kind: "live" });
        this.#publish();
      },
      reset: ({ reason }) => {
        this.window.mark({ kind: "reset", reason });
        this.#publish();
      },
      removed: (cursor) => {
        if (this.window.remove(cursor)) this.#publish();
      },
    });
  }

  /** Whether the visitor is at the top of the list. */
  get isAtTop(): boolean {
    return this.#isAtTop;
  }

  /** The list stands still until `resume`; what comes waits. */
  pause(): void {
    this.#isPaused = true;
    this.#hold();
  }

  /** Shows what waits, and follows. */
  resume(): void {
    this.#jumps++;
    this.#isPaused = false;
    this.#isAtTop = true;
    this.#hold();
  }

  /** The visitor has scrolled: away from the top the list stands still. */
  scrolled(isAtTop: boolean): void {
    if (isAtTop === this.#isAtTop) return;
    this.#isAtTop = isAtTop;
    this.#hold();
  }

  filter(filter: RowFilter): void {
    this.window.filter(filter);
    this.#publish();
  }

  /** Loads the page before the oldest row, if there may be one. */
  async loadOlder(): Promise<void> {
    if (this.#isLoading || this.#older() !== "more") return;
    this.#isLoading = true;
    this.#olderFault = "";
    this.#publish();
    this.#olderFault = await this.#readOlder();
    this.#isLoading = false;
    this.#publish();
  }

  /** @returns why it failed, or empty */
  async #readOlder(): Promise<string> {
    const at = this.window.oldestCursor;
    const oldest = parseCursor(at);
    if (!oldest) return "";
    let before = formatCursor({ ...oldest, seq: oldest.seq - 1 });
    for (;;) {
      const answer = await this.#visit.ask("/api/events", { query: { before, limit: PAGE_EVENTS } });
      if (!answer.ok) return answer.detail;
      if (this.window.oldestCursor !== at) return ""; // the list has moved on meanwhile, and this page is not the one before it
      const { after, more, events, reset } = answer.body as unknown as LogPage;
      if (reset) {
        this.#end = { at, kind: "deleted" };
        return "";
      }
      this.window.addOlder(events.map((event) => [event, formatCursor({ ...oldest, seq: event.seq ?? 0 })]));
      if (!more) {
        const isFirst = parseCursor(after)?.seq === 0;
        this.#end = { at: this.window.oldestCursor, kind: isFirst ? "first" : "deleted" };
      }
      if (!more || events.length > 0) return "";
      before = after; // the hub has looked at many events, of which the visitor may see none
    }
  }

  #hold(): void {
    const isHolding = this.#isPaused || !this.#isAtTop;
    if (isHolding) this.window.isHolding = true;
    else this.window.release();
    this.#publish();
  }

  #publish(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    this.state.update(() => {
      this.#isStale = false;
      return this.#read();
    });
  }

  #read(): FeedState {
    const { loaded, isFiltered, matching, waiting, fresh, types } = this.window;
    return {
      received: this.#received,
      isOpened: this.#isOpened,
      isPaused: this.#isPaused,
      isFollowing: !this.window.isHolding,
      jumps: this.#jumps,
      loaded,
      isFiltered,
      matching,
      waiting,
      fresh,
      types: topTypes(types, SHOWN_TYPES),
      older: this.#isLoading ? "loading" : this.#older(),
      olderFault: this.#olderFault,
    };
  }

  #older(): Older {
    const at = this.window.oldestCursor;
    if (at === undefined) return "none";
    if (this.#end?.at === at) return this.#end.kind;
    return parseCursor(at)?.seq === 1 ? "first" : "more";
  }
}
