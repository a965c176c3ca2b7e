// When what was appended is sent: at once where all is quiet, together where it comes faster than it goes out. What a
// flush costs is a frame a socket, whatever is in it, so the pause behind it grows with the sockets that it touched.
import type { LoggedEvent } from "../log/event-log.ts";

/** What came in since the last flush and makes the next one by itself, in the turn in which it came. */
const FLUSH_EVENTS = 64;
const FLUSH_BYTES = 64 * 1024;

/** Sending a frame costs some 0.025 ms (bench fanout-8, the bare hub), and emits want as much time; nobody waits longer than `MAX_PAUSE_MS`. */
const PAUSE_MS_PER_SOCKET = 0.05;
const MAX_PAUSE_MS = 50;

/** How long to wait, in ms, behind a flush that touched so many sockets. Below 1: not at all, no timer is shorter. */
function pauseAfter(touched: number): number {
  return Math.min(touched * PAUSE_MS_PER_SOCKET, MAX_PAUSE_MS);
}

/** How soon to look again where the hub is full, or the log could not be read. */
const HELD_MS = 50;

export interface FlushPorts {
  /** Runs `act` after `ms`, in a turn of its own; memory MUST outlive the wait. It may be late: timers starve under load. */
  later(ms: number, act: () => void): void;
  /** In ms since 1970. It may stand still during a turn. */
  nowMs(): number;
  report(what: string, error: unknown): void;
  /** Instead of the usual one. */
  readonly pauseAfter?: ((touched: number) => number) | undefined;
}

/** `held`: nothing was sent, for nothing can be now. */
export type Outcome = { readonly touched: number; readonly isDone: boolean } | "held";

/** What was appended and is in no flush yet, and when the first of it was, in ms since 1970. */
const NOTHING = { events: 0, bytes: 0, sinceMs: 0 };

export class FlushScheduler {
  readonly #flush: () => Outcome;
  readonly #ports: FlushPorts;
  #pending = NOTHING;
  /** How long an event may wait for others, in ms; `null`: nothing is on its way, and it leaves at once. */
  #pauseMs: number | null = null;
  #isHeld = false;
  /** Whether the flush has not got to everybody yet. */
  #isUnderWay = false;
  /** Only the timer that was set last counts. */
  #timer = 0;

  constructor(flush: () => Outcome, ports: FlushPorts) {
    this.#flush = flush;
    this.#ports = ports;
  }

  appended(events: readonly LoggedEvent[]): void {
    if (this.#pauseMs === null) this.now();
    else this.#collect(events, this.#pauseMs);
  }

  /** Sends what there is, as much as one turn may. */
  now(): void {
    if (!this.#isUnderWay) this.#pending = NOTHING; // else that came behind it
    const outcome = this.#attempt();
    this.#isHeld = outcome === "held";
    this.#isUnderWay = outcome !== "held" && !outcome.isDone;
    if (outcome === "held") this.#rest(HELD_MS);
    else if (!outcome.isDone) this.#rest(0);
    else {
      const pauseMs = outcome.touched === 0 ? 0 : (this.#ports.pauseAfter ?? pauseAfter)(outcome.touched);
      const isWaiting = this.#pending.events > 0; // came behind a flush of several turns
      this.#rest(pauseMs >= 1 ? pauseMs : isWaiting ? 0 : null);
    }
  }

  /** The pause counts from the first that waits: the sockets are written to after the flush, and take its time. */
  #collect(events: readonly LoggedEvent[], pauseMs: number): void {
    const nowMs = this.#ports.nowMs();
    const { events: before, bytes, sinceMs } = this.#pending;
    this.#pending = {
      events: before + events.length,
      bytes: events.reduce((sum, event) => sum + event.bytes, bytes),
      sinceMs: before === 0 ? nowMs : sinceMs,
    };
    const isMuch = this.#pending.events >= FLUSH_EVENTS || this.#pending.bytes >= FLUSH_BYTES;
    if ((isMuch && !this.#isHeld) || nowMs - this.#pending.sinceMs >= pauseMs) this.now();
    else if (before === 0) this.#rest(pauseMs);
  }

  #attempt(): Outcome {
    try {
      return this.#flush();
    } catch (error) {
      this.#ports.report("a broadcast", error); // the log has what was to be sent, and gives it again
      return "held";
    }
  }

  #rest(ms: number | null): void {
    const timer = ++this.#timer;
    this.#pauseMs = ms;
    if (ms === null) return;
    this.#ports.later(ms, () => {
      if (timer === this.#timer) this.now();
    });
  }
}
