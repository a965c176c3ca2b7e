// Decides when appended events are sent: at once where the hub is quiet, coalesced where they come faster than they go out.
// A flush costs one frame per socket, whatever is in it, in the thread that emits need too:
//
//   │ flush: sends, and the runtime writes │ pause: emits have the thread, events collect │ the next flush │ …
//                                          └ 1/8 of what the flush cost; while emits come one after the other, up to 2 ×
import { MAX_FRAME_BYTES } from "../../wire/limits.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import { SteadyClock } from "../steady-clock.ts";
import { FlushCost } from "./flush-cost.ts";

/** Of what the flush before it cost: so sending takes at most 8/9 of the time. */
const LEAST_PAUSE = 1 / 8;

/** The same: so an event waits at most 3 times as long as a flush to these sockets takes. */
const MOST_PAUSE = 2;
const MAX_PAUSE_MS = 200;

/**
 * Emits that come one per ms or faster have the thread to themselves: single POSTs take some 0.4 ms each. While they do, each ms of
 * the pause brings the next flush an event that would else be a frame of its own. A full frame is none the cheaper for more.
 */
const BUSY_MS_PER_EVENT = 1;

/** How often it looks whether they still do. */
const LOOK_EVERY_MS = 2;

/** A timer that is due later than this multiple of what a flush costs is taken for starved. */
const STARVED = 2;

/** When to try again where the memory budget is exhausted, or the log could not be read. */
const HELD_MS = 50;

export interface FlushPorts {
  /** Runs `act` after `ms`, in a turn of its own; memory MUST outlive the wait. It may be late: timers starve under load. */
  later(ms: number, act: () => void): void;
  /** Runs `act` in a turn of its own, once the runtime has gone on with what was sent, and before new requests if that can be. */
  soon(act: () => void): void;
  /** Unix time in ms. It may stand still during a turn. */
  nowMs(): number;
  report(what: string, error: unknown): void;
  /** Runs `act`, and MUST call no listener before it is done: one that emits would begin a flush within this flush. */
  hold(act: () => void): void;
  /** Replaces what a flush with so many frames is measured to cost, in ms. */
  readonly costOf?: ((touched: number) => number) | undefined;
}

/** `held`: nothing could be sent. */
export type Outcome = { readonly touched: number; readonly isDone: boolean } | "held";

/** What was appended and is in no flush yet. */
const NOTHING = { events: 0, bytes: 0 };

/**
 * - `quiet`: an event leaves at once.
 * - `unfinished`: a flush has not reached all sockets yet.
 * - `writing`: it has, and the runtime writes.
 * - `pausing`: it has written.
 * - `held`: nothing can be sent at the moment.
 */
type State = "quiet" | "unfinished" | "writing" | "pausing" | "held";

export class FlushScheduler {
  readonly #flush: () => Outcome;
  readonly #ports: FlushPorts;
  readonly #clock = new SteadyClock();
  readonly #cost = new FlushCost();
  #state: State = "quiet";
  /** When it began, and that of the flush. */
  #sinceMs = 0;
  #flushBeganMs = 0;
  /** How many frames it sent, and what that costs, in ms. */
  #touched = 0;
  #costMs = 0;
  #pending = NOTHING;
  /** How many events came in this pause. */
  #came = 0;
  /** Only the newest timer counts. */
  #timer = 0;

  constructor(flush: () => Outcome, ports: FlushPorts) {
    this.#flush = flush;
    this.#ports = ports;
  }

  appended(events: readonly LoggedEvent[]): void {
    const { events: before, bytes } = this.#pending;
    this.#pending = {
      events: before + events.length,
      bytes: events.reduce((sum, event) => sum + event.bytes, bytes),
    };
    this.#came += events.length;
    if (this.#state === "quiet" || this.#state === "unfinished") this.now();
    else if (this.#state === "pausing") this.#look();
    // Its timer may starve: the event that comes then is the one that sees it.
    else if (this.#state === "writing" && this.#elapsedMs >= this.#costMs * STARVED) this.#written();
    else if (this.#state === "held" && this.#elapsedMs >= HELD_MS) this.now();
  }

  /** Sends what is pending, as much as one turn may. */
  now(): void {
    this.#ports.hold(() => this.#flushAndRest());
  }

  #flushAndRest(): void {
    if (this.#state !== "unfinished") {
      this.#pending = NOTHING; // else they came behind that flush
      this.#flushBeganMs = this.#nowMs();
    }
    const outcome = this.#attempt();
    if (outcome === "held") {
      this.#enter("held");
      this.#later(HELD_MS, () => this.now());
    } else if (!outcome.isDone) this.#goOn("unfinished");
    else this.#sent(outcome.touched);
  }

  /** In the next turn, or in that of an emit which comes first. */
  #goOn(state: State): void {
    this.#enter(state);
    const timer = this.#timer;
    this.#ports.soon(() => this.#ring(timer, () => this.now()));
  }

  #sent(touched: number): void {
    this.#touched = touched;
    this.#costMs = touched === 0 ? 0 : (this.#ports.costOf?.(touched) ?? this.#cost.of(touched));
    if (this.#costMs >= 1) {
      this.#enter("writing");
      this.#later(0, () => this.#written()); // runs once the runtime has written what it could
    } else if (this.#pending.events === 0) this.#enter("quiet");
    else this.#goOn("pausing"); // no pause is so short; these came behind a flush of several turns
  }

  #written(): void {
    this.#cost.measured(this.#touched, this.#nowMs() - this.#flushBeganMs);
    this.#came = 0;
    this.#enter("pausing");
    this.#look();
  }

  /** Whether the pause is over. */
  #look(): void {
    const elapsedMs = this.#elapsedMs;
    const leastMs = this.#costMs * LEAST_PAUSE;
    if (elapsedMs < leastMs) this.#later(leastMs - elapsedMs, () => this.#look());
    else if (this.#pending.events === 0) this.#enter("quiet");
    else {
      const isBusy = this.#came * BUSY_MS_PER_EVENT > elapsedMs;
      const waits = isBusy && this.#pending.bytes < MAX_FRAME_BYTES && elapsedMs < this.#mostMs;
      if (waits) this.#later(Math.min(LOOK_EVERY_MS, this.#mostMs - elapsedMs), () => this.#look());
      else this.now();
    }
  }

  get #mostMs(): number {
    return Math.min(this.#costMs * MOST_PAUSE, MAX_PAUSE_MS);
  }

  get #elapsedMs(): number {
    return this.#nowMs() - this.#sinceMs;
  }

  #nowMs(): number {
    return this.#clock.at(this.#ports.nowMs());
  }

  #attempt(): Outcome {
    try {
      return this.#flush();
    } catch (error) {
      this.#ports.report("a broadcast", error); // the log still has the events
      return "held";
    }
  }

  #enter(state: State): void {
    this.#state = state;
    this.#sinceMs = this.#nowMs();
    this.#timer += 1;
  }

  #later(ms: number, act: () => void): void {
    const timer = ++this.#timer;
    this.#ports.later(Math.ceil(ms), () => this.#ring(timer, act));
  }

  #ring(timer: number, act: () => void): void {
    if (timer === this.#timer) act();
  }
}
