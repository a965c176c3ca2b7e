// Decides when appended events are sent: at once where the hub is quiet, coalesced where they come faster than they go out.
// A frame costs much the same whatever is in it, in the thread that emits need too. So a round to all sockets is several turns,
// between which emits come in and the runtime writes; those whose turn is last are sent what has come meanwhile, too.
//
//   │ turn: sends │ the runtime writes; emits │ turn │ … │ pause: emits have the thread, events collect │ the next round │ …
//                                                      └ 1/8 of what the round cost; while emits come one after the other, up to 2 ×
import { MAX_FRAME_BYTES } from "../../wire/limits.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import { SteadyClock } from "../steady-clock.ts";
import { FlushCost } from "./flush-cost.ts";

/** Of what the round before it cost: so sending takes at most 8/9 of the time. */
const LEAST_PAUSE = 1 / 8;

/** The same: so an event waits at most 3 times as long as a round takes. */
const MOST_PAUSE = 2;
const MAX_PAUSE_MS = 200;

/**
 * Emits that come one per ms or faster have the thread to themselves: single POSTs take some 0.4 ms each. While they do, each ms of
 * the pause brings the next round an event that would else be a frame of its own. A full frame is none the cheaper for more.
 */
const BUSY_MS_PER_EVENT = 1;

/** How often it looks whether they still do. */
const LOOK_EVERY_MS = 2;

/** A turn of some 8 ms. Shorter ones bring those who are sent to last no more, and timers are due in whole ms. */
const FRAMES_PER_TURN = 200;

/** A timer that is due later than this multiple of what a turn costs is taken for starved. */
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
  /** Replaces what so many frames are measured to cost, in ms. */
  readonly costOf?: ((touched: number) => number) | undefined;
  /** Replaces how many frames a turn sends. */
  readonly framesPerTurn?: number | undefined;
}

/** What came of a turn of sending. */
export interface Sent {
  /** How many frames it sent. */
  readonly touched: number;
  /** How large a frame for those would be who were sent least; 0: nothing is left to be sent. */
  readonly unsentBytes: number;
  /** Whether all who hear something were sent what there was when the round began. */
  readonly isRoundOver: boolean;
}

/** `held`: nothing could be sent. */
export type Outcome = Sent | "held";

/**
 * - `quiet`: an event leaves at once.
 * - `unfinished`: something is left to be sent, in the next turn.
 * - `writing`: a turn has sent, and the runtime writes.
 * - `pausing`: it has written.
 * - `held`: nothing can be sent at the moment.
 */
type State = "quiet" | "unfinished" | "writing" | "pausing" | "held";

export class FlushScheduler {
  readonly #flush: (most: number) => Outcome;
  readonly #ports: FlushPorts;
  readonly #clock = new SteadyClock();
  readonly #cost = new FlushCost();
  #state: State = "quiet";
  /** When it began, and when the turn that sent did. */
  #sinceMs = 0;
  #sentAtMs = 0;
  /** How many frames that turn sent, and those before it that nothing was written between; what they cost, in ms. */
  #touched = 0;
  #costMs = 0;
  #unsentBytes = 0;
  /** How many events came in this pause. */
  #came = 0;
  /** Whether a round is over, and what was sent since the last pause cost, in ms. */
  #isRoundOver = false;
  #roundMs = 0;
  /** Only the newest timer counts. */
  #timer = 0;

  /** @param flush sends what is unsent, `most` frames or a few more */
  constructor(flush: (most: number) => Outcome, ports: FlushPorts) {
    this.#flush = flush;
    this.#ports = ports;
  }

  appended(events: readonly LoggedEvent[]): void {
    this.#unsentBytes = events.reduce((sum, event) => sum + event.bytes, this.#unsentBytes);
    this.#came += events.length;
    if (this.#state === "quiet" || this.#state === "unfinished") this.#next();
    else if (this.#state === "pausing") this.#look();
    // Its timer may starve: the event that comes then is the one that sees it.
    else if (this.#state === "writing" && this.#elapsedMs >= this.#costMs * STARVED) this.#written();
    else if (this.#state === "held" && this.#elapsedMs >= HELD_MS) this.#next();
  }

  /** Sends what is unsent, as much as one turn may. */
  now(): void {
    if (this.#state === "pausing") this.#begin();
    this.#send(Number.POSITIVE_INFINITY);
  }

  #next(): void {
    this.#send(this.#ports.framesPerTurn ?? FRAMES_PER_TURN);
  }

  #send(most: number): void {
    this.#ports.hold(() => {
      if (this.#touched === 0) this.#sentAtMs = this.#nowMs();
      const outcome = this.#attempt(most);
      if (outcome === "held") this.#held();
      else this.#sent(outcome);
    });
  }

  #held(): void {
    this.#touched = 0;
    this.#enter("held");
    this.#later(HELD_MS, () => this.#next());
  }

  #sent({ touched, unsentBytes, isRoundOver }: Sent): void {
    this.#touched += touched;
    this.#costMs = this.#touched === 0 ? 0 : (this.#ports.costOf?.(this.#touched) ?? this.#cost.of(this.#touched));
    this.#unsentBytes = unsentBytes;
    this.#isRoundOver ||= isRoundOver;
    const isFull = unsentBytes >= MAX_FRAME_BYTES; // events that came now would be for the next round
    if (isFull && isRoundOver) this.#begin(); // the pause is for the last round alone
    if (this.#costMs >= 1 && !isFull) {
      this.#enter("writing");
      this.#later(0, () => this.#written()); // runs once the runtime has written what it could
    } else if (unsentBytes === 0) this.#rest();
    else this.#goOn(); // no pause is so short
  }

  /** In the next turn, or in that of an emit which comes first. */
  #goOn(): void {
    this.#enter("unfinished");
    const timer = this.#timer;
    this.#ports.soon(() => this.#ring(timer, () => this.#next()));
  }

  #written(): void {
    this.#cost.measured(this.#touched, this.#nowMs() - this.#sentAtMs);
    this.#roundMs += this.#costMs;
    this.#touched = 0;
    if (this.#isRoundOver) this.#pause();
    else this.#next();
  }

  #pause(): void {
    this.#came = 0;
    this.#enter("pausing");
    this.#look();
  }

  /** Whether the pause is over. */
  #look(): void {
    const elapsedMs = this.#elapsedMs;
    const leastMs = Math.min(this.#roundMs * LEAST_PAUSE, MAX_PAUSE_MS);
    const mostMs = Math.min(this.#roundMs * MOST_PAUSE, MAX_PAUSE_MS);
    const isBusy = this.#came * BUSY_MS_PER_EVENT > elapsedMs && this.#unsentBytes < MAX_FRAME_BYTES;
    if (elapsedMs < leastMs) this.#later(leastMs - elapsedMs, () => this.#look());
    else if (this.#unsentBytes === 0) this.#rest();
    else if (isBusy && elapsedMs < mostMs) this.#later(Math.min(LOOK_EVERY_MS, mostMs - elapsedMs), () => this.#look());
    else {
      this.#begin();
      this.#next();
    }
  }

  #rest(): void {
    this.#begin();
    this.#enter("quiet");
  }

  /** A round. */
  #begin(): void {
    this.#touched = 0;
    this.#roundMs = 0;
    this.#isRoundOver = false;
  }

  get #elapsedMs(): number {
    return this.#nowMs() - this.#sinceMs;
  }

  #nowMs(): number {
    return this.#clock.at(this.#ports.nowMs());
  }

  #attempt(most: number): Outcome {
    try {
      return this.#flush(most);
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
