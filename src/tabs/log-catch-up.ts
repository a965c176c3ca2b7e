// How a tab that is behind the others gets to where the connection is: it is sent pages of the log, and then what was held.
import { type Cursor, formatCursor, parseCursor } from "../wire/cursor.ts";
import { encodeReset } from "../wire/server-frame.ts";
import { type LogPage, readPage } from "./log-page.ts";
import type { Advice, TabSession } from "./tab-session.ts";
import type { TabsPorts } from "./tabs-ports.ts";

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000, 20_000] as const;

/** How often the log may fail to be read before the tab is told. */
const QUIET_FAILURES = 2;

/** The holder, as far as a tab that catches up needs it. */
export interface Place {
  /** Where the connection is. */
  cursor(): Cursor;
  token(): string | undefined;
  advice(): Advice;
  /** Whether a tab is still on it. */
  has(session: TabSession): boolean;
  /** Gives tabs what they wait for, as far as the hub sends it now. */
  serve(): void;
  /** @param why the tab cannot stay */
  end(session: TabSession, why: string): void;
}

export class LogCatchUp {
  readonly #stream: string;
  readonly #ports: Pick<TabsPorts, "after" | "fetch">;
  readonly #place: Place;

  /** @param stream URL of the stream, with its channel */
  constructor(stream: string, ports: Pick<TabsPorts, "after" | "fetch">, place: Place) {
    this.#stream = stream;
    this.#ports = ports;
    this.#place = place;
  }

  /** Reads page by page. @param start `after=<cursor>` or `last=<count>` */
  async read(session: TabSession, start: string): Promise<void> {
    const place = this.#place;
    session.phase = "reading";
    let from = start;
    for (let failures = 0; place.has(session); ) {
      session.held.length = 0; // the page has it
      const floor = place.cursor();
      const page = await readPage(this.#stream, from, session.patterns, place.token(), this.#ports);
      if (!place.has(session)) return;
      if ("text" in page && !isStale(page, floor)) {
        failures = 0;
        this.#send(session, page, start);
        from = `after=${formatCursor(page.cursor)}`;
        if (!page.more || start.startsWith("last=")) return this.#goLive(session);
        if (session.isSlow) {
          session.phase = "slow";
          return;
        }
        continue;
      }
      if ("isFinal" in page && (page.isFinal || failures === QUIET_FAILURES)) {
        session.refuse(page.code, page.message);
        if (page.isFinal) return place.end(session, page.message);
      }
      const delay = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)] ?? 0;
      await new Promise<void>((resolve) => void this.#ports.after(delay, resolve));
    }
  }

  #send(session: TabSession, { text, after, cursor, reset }: LogPage, start: string): void {
    const advice = this.#place.advice();
    if (session.cursor === undefined && session.last === null) {
      session.welcome(cursor, null, advice); // at the head
      return;
    }
    if (!session.isWelcomed) {
      const resumed = start.startsWith("last=") ? null : !reset;
      session.welcome(session.cursor && resumed ? session.cursor : after, resumed, advice);
    }
    if (reset) {
      session.say(encodeReset(reset));
      session.cursor = parseCursor(reset.cursor);
    }
    session.passRange(text, cursor);
  }

  #goLive(session: TabSession): void {
    session.phase = "live";
    for (const pass of session.held.splice(0)) if (session.phase === "live") pass();
    this.#place.serve();
  }
}

/** A page of a replica that is behind what the connection has told already. */
function isStale({ cursor, more }: LogPage, floor: Cursor): boolean {
  return cursor.epoch === floor.epoch && cursor.seq < floor.seq && !more;
}
