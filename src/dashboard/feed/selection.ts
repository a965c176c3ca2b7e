// The row that the keyboard is at, and the event that is open beside the list.
import type { ReactorEvent } from "../../client/index.ts";
import { Snapshot } from "../../react/snapshot.ts";
import { formatCursor, parseCursor } from "../../wire/cursor.ts";
import type { Visit } from "../visit/visit.ts";
import { type EventRow, eventRow } from "./rows/feed-row.ts";
import type { FeedWindow } from "./rows/feed-window.ts";

export type Opened =
  | { readonly status: "open"; readonly row: EventRow }
  /**
   * `removed`: an operator took it out. `deleted`: the hub no longer keeps it. `unknown`: the hub's log has no such place. `failed`:
   * `detail` says why it could not be read.
   */
  | {
      readonly status: "loading" | "removed" | "deleted" | "unknown" | "failed";
      readonly cursor: string;
      readonly detail: string;
    };

export interface Selected {
  /** Of the row in the list; `null`: none. */
  readonly key: number | null;
  readonly opened: Opened | null;
}

export class Selection {
  readonly selected = new Snapshot<Selected>({ key: null, opened: null });
  readonly #visit: Visit;
  readonly #window: FeedWindow;
  /** The newest value: `selected` shows it with the next frame. */
  #now: Selected = { key: null, opened: null };

  constructor(visit: Visit, window: FeedWindow) {
    this.#visit = visit;
    this.#window = window;
    visit.listen({
      removed: (cursor) => {
        if (cursorOf(this.#now.opened) === cursor)
          this.#set({ ...this.#now, opened: { status: "removed", cursor, detail: "" } });
      },
    });
  }

  /** Goes to another row; an event that is open gives way to that row's. @param by 1: the next older, -1: the next newer */
  async move(by: 1 | -1): Promise<void> {
    const { key, opened } = this.#now;
    if (opened && key === null) {
      await this.#openBeside(opened, by);
      return;
    }
    const window = this.#window;
    let index = key === null ? 0 : window.indexOf(key);
    if (window.at(index)?.key === key) index += by;
    while (window.at(index) && window.at(index)?.kind !== "event") index += by; // a mark is no event
    const row = window.at(index);
    if (row?.kind === "event") this.#set({ key: row.key, opened: opened && { status: "open", row } });
  }

  /** Opens a row, or the one that the keyboard is at. */
  open(key = this.#now.key): void {
    if (key === null) return;
    const window = this.#window;
    const row = window.at(window.indexOf(key));
    if (row?.key === key && row.kind === "event") this.#set({ key, opened: { status: "open", row } });
  }

  /** Opens the event at that place, from the log if the list does not have it. */
  async openAt(cursor: string): Promise<void> {
    const row = this.#window.find(cursor);
    if (row) {
      this.#set({ key: row.key, opened: { status: "open", row } });
      return;
    }
    const show = (opened: Opened) => {
      if (cursorOf(this.#now.opened) === cursor) this.#set({ key: null, opened });
    };
    this.#set({ key: null, opened: { status: "loading", cursor, detail: "" } });
    const answer = await this.#visit.ask("/api/events", { query: { before: cursor, limit: "1" } });
    if (!answer.ok) return show({ status: "failed", cursor, detail: answer.detail });
    const { events, reset, after } = answer.body as {
      events: ReactorEvent[];
      reset?: { reason: string };
      after: string;
    };
    const event = events.at(-1);
    const at = parseCursor(cursor);
    if (reset) return show({ status: reset.reason === "trimmed" ? "deleted" : "unknown", cursor, detail: "" });
    if (event && event.seq === at?.seq) return show({ status: "open", row: eventRow(Number.NaN, event, cursor) });
    const isBehind = (parseCursor(after)?.seq ?? 0) >= (at?.seq ?? 0);
    show({ status: isBehind ? "deleted" : "removed", cursor, detail: "" });
  }

  close(): void {
    this.#set({ ...this.#now, opened: null });
  }

  /** From an event that the list does not have. */
  async #openBeside(opened: Opened, by: 1 | -1): Promise<void> {
    const at = parseCursor(cursorOf(opened));
    if (!at) return;
    const query =
      by === 1 ? { before: formatCursor({ ...at, seq: Math.max(0, at.seq - 1) }) } : { after: formatCursor(at) };
    const answer = await this.#visit.ask("/api/events", { query: { ...query, limit: "1" } as Record<string, string> });
    if (!answer.ok || answer.body.reset || cursorOf(this.#now.opened) !== formatCursor(at)) return;
    const [event] = answer.body.events as ReactorEvent[];
    if (event?.seq !== undefined) await this.openAt(formatCursor({ ...at, seq: event.seq }));
  }

  #set(selected: Selected): void {
    this.#now = selected;
    this.selected.update(() => selected);
  }
}

export function cursorOf(opened: Opened | null): string | null {
  if (!opened) return null;
  return opened.status === "open" ? opened.row.cursor : opened.cursor;
}
