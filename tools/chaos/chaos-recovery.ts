// The steps of a subscriber of chaos from a fault to the next event that it receives: they explain a long recovery.

/** A fault of a subscriber or its link, the end of one, or what its connection did then. */
export interface Step {
  readonly what: string;
  /** Time after the first fault. */
  readonly afterMs: number;
}

export interface Recovery {
  readonly subscriber: string;
  readonly ms: number;
  /** How much of that the client waited before it reconnected, as SPEC K4 requires. */
  readonly waitedMs: number;
  /** The first is a fault, the last an event. */
  readonly steps: readonly Step[];
}

const NONE: Recovery = { subscriber: "none", ms: 0, waitedMs: 0, steps: [] };

/** The time of a recovery without the client's wait: that of the network, the hub and this machine. */
export const busyMs = ({ ms, waitedMs }: Recovery) => ms - waitedMs;

/** @returns the recovery with the largest value of `by` */
export function worst(recoveries: Iterable<Recovery>, by: (recovery: Recovery) => number): Recovery {
  let found = NONE;
  for (const recovery of recoveries) if (by(recovery) > by(found)) found = recovery;
  return found;
}

/** The recoveries of one subscriber; the worst are kept. */
export class Recoveries {
  longest = NONE;
  /** The longest without the client's wait. */
  busiest = NONE;
  readonly #subscriber: string;
  readonly #now: () => number;
  #beganMs = 0;
  #steps: Step[] = [];
  #waitsFromMs: number | undefined;
  #waitedMs = 0;

  /** @param now in milliseconds, from any origin */
  constructor(subscriber: string, now: () => number = () => performance.now()) {
    this.#subscriber = subscriber;
    this.#now = now;
  }

  get isUnderWay(): boolean {
    return this.#steps.length > 0;
  }

  /** A fault, which begins a recovery or, before the next event, is a step of the current one. */
  begin(what: string): void {
    if (!this.isUnderWay) [this.#beganMs, this.#waitedMs] = [this.#now(), 0];
    this.#steps.push({ what, afterMs: this.#now() - this.#beganMs });
  }

  /** A step of the current recovery, if there is one. */
  note(what: string): void {
    if (this.isUnderWay) this.begin(what);
  }

  /** Its connection is lost, and it waits before it reconnects. */
  wait(what: string): void {
    this.note(what);
    this.#waitsFromMs = this.#now();
  }

  connect(): void {
    this.note("connecting");
    if (this.#waitsFromMs !== undefined) this.#waitedMs += this.#now() - Math.max(this.#waitsFromMs, this.#beganMs);
    this.#waitsFromMs = undefined;
  }

  end(): void {
    if (!this.isUnderWay) return;
    const ms = this.#now() - this.#beganMs;
    const steps = [...this.#steps, { what: "event", afterMs: ms }];
    const recovery = { subscriber: this.#subscriber, ms, waitedMs: this.#waitedMs, steps };
    this.longest = worst([this.longest, recovery], (each) => each.ms);
    this.busiest = worst([this.busiest, recovery], busyMs);
    this.#steps = [];
  }
}

/** As `subscriber 7: cut, ended with 1006 after 3 ms, connecting after 210 ms, connected after 230 ms, event after 245 ms`. */
export function describe({ subscriber, steps }: Recovery): string {
  const texts = steps.map(({ what, afterMs }, n) => (n === 0 ? what : `${what} after ${inMs(afterMs)}`));
  return `${subscriber}: ${texts.join(", ")}`;
}

export const inMs = (ms: number) => `${Math.round(ms).toLocaleString("en")} ms`;
