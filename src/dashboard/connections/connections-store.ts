// Who is connected, asked for while the panel is open: when it is opened, on request, and after events came. On a quiet channel nothing
// is asked: a hub that an open console asked of every few seconds would never sleep.
import { Snapshot } from "../../react/snapshot.ts";
import type { Visit } from "../visit/visit.ts";
import { type ObjectReport, reportOf } from "./connections-report.ts";
import { addReading, type Reading } from "./series.ts";

/** At most one request in this time follows from events. */
const PAUSE_MS = 2_000;

export interface ConnectionsState {
  readonly isAsking: boolean;
  /** The newest; `null`: none yet. */
  readonly report: readonly ObjectReport[] | null;
  /** When that was, in Unix time in ms. */
  readonly at: number;
  readonly readings: readonly Reading[];
  /** Why there is no newer report; `null`: there is. */
  readonly failure: { readonly isKeyRefused: boolean; readonly detail: string } | null;
}

export class ConnectionsStore {
  readonly state = new Snapshot<ConnectionsState>({
    isAsking: false,
    report: null,
    at: 0,
    readings: [],
    failure: null,
  });
  readonly #visit: Visit;
  #isOpen = false;
  /** A request is under way. */
  #isAsking = false;
  /** Whether a key is needed before it makes sense to ask again. */
  #isRefused = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(visit: Visit) {
    this.#visit = visit;
    visit.listen({
      event: (_event, wasKept) => {
        if (!wasKept) this.#askSoon();
      },
    });
  }

  /** The panel was opened, or a key became known. */
  open(): void {
    this.#isOpen = true;
    if (Date.now() - this.#askedAt >= PAUSE_MS) void this.refresh();
  }

  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Without any key it asks nothing. @param key another one than is known */
  async refresh(key = this.#visit.operatorKey): Promise<void> {
    if (key === null || this.#isAsking) return;
    this.#isAsking = true;
    this.#askedAt = Date.now();
    this.state.update((state) => ({ ...state, isAsking: true }));
    const answer = await this.#visit.operate("/api/connections", {}, key);
    this.#isAsking = false;
    this.#isRefused = !answer.ok && answer.isKeyRefused;
    if (this.#isRefused) this.#askedAt = Number.NEGATIVE_INFINITY; // another key may be tried at once
    const at = Date.now();
    this.state.update((state) => {
      if (!answer.ok) return { ...state, isAsking: false, failure: answer };
      const report = reportOf(answer.body);
      return { isAsking: false, report, at, readings: addReading(state.readings, at, report), failure: null };
    });
  }

  /** Also after the last of many events, so that what is shown is what they led to. */
  #askSoon(): void {
    if (!this.#isOpen || this.#isRefused || this.#timer !== undefined) return;
    const waitMs = this.#isAsking ? PAUSE_MS : Math.max(0, this.#askedAt + PAUSE_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsking) this.#askSoon();
      else void this.refresh();
    }, waitMs);
  }
}
