// Decides when appended events are sent: at once where the hub is quiet, coalesced where they come faster than they go out.
// A flush costs one frame per socket, whatever is in it, so the pause behind it grows with the sockets that it touched.
import type { LoggedEvent } from "../log/logged-event.ts";

/** So many pending events, or bytes, are flushed in the turn in which they came. */
const FLUSH_EVENTS = 64;
const FLUSH_BYTES = 64 * 1024;

/** Sending a frame costs some 0.025 ms (bench fanout-8, the bare hub), and emits need as much time; no event waits longer than `MAX_PAUSE_MS`. */
const PAUSE_MS_PER_SOCKET = 0.05;
const MAX_PAUSE_MS = 50;

/** The pause behind a flush that touched so many sockets, in ms. Below 1: none, no timer is shorter. */
function pauseAfter(touched: number): number {
  return Math.min(touched * PAUSE_MS_PER_SOCKET, MAX_PAUSE_MS);
}

/** When to try again where the memory budget is exhausted, or the log could not be read. */
const HELD_MS = 50;

export interface FlushPorts {
  /** Runs `act` after `ms`, in a turn of its own; memory MUST outlive the wait. It may be late: timers starve under load. */
  later(ms: number, act: () => void): void;
  /** Unix time in ms. It may stand still during a turn. */
  nowMs(): number;
  report(what: string, error: unknown): void;
  /** Runs `act`, and MUST call no listener before it is done: one that emits would begin a flush within this flush. */
  hold(act: () => void): void;
  /** Replaces the usual pause. */
  readonly pauseAfter?: ((touched: number) => number) | undefined;
}

/** `held`: nothing could be sent. */
export type Outcome = { readonly touched: number; readonly isDone: boolean } | "held";

/** The events that were appended and are in no flush yet, and when the first of them was, as Unix time in ms. */
const NOTHING = { events: 0, bytes: 0, sinceMs: 0 };

export class FlushScheduler {
  readonly #flush: () => Outcome;
  readonly #ports: FlushPorts;
  #pending = NOTHING;
  /** How long an event may wait for others, in ms; `null`: nothing is pending, and it leaves at once. */
  #pauseMs: number | null = null;
  #isHeld = false;
  /** Whether a flush has not reached all sockets yet. */
  #isUnderWay = false;
  /** Only the newest timer counts. */
  #timer = 0;

  constructor(flush: () => Outcome, ports: FlushPorts) {
    this.#flush = flush;
    this.#ports = ports;
  }

  appended(events: readonly LoggedEvent[]): void {
    if (this.#pauseMs === null) this.now();
    else this.#collect(events, this.#pauseMs);
  }

  /** Sends what is pending, as much as one turn may. */
  now(): void {
    this.#ports.hold(() => this.#flushAndRest());
  }

  #flushAndRest(): void {
    if (!this.#isUnderWay) this.#pending = NOTHING; // else they came behind that flush
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

  /** The pause counts from the first pending event: the sockets are written to after the flush, and take that time. */
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
      this.#ports.report("a broadcast", error); // the log still has the events
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
