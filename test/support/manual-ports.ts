// Manual time and random numbers for tests of code that takes `Ports`.
import type { Page } from "../../src/client/connection/browser-page.ts";
import type { Ports } from "../../src/client/connection/ports.ts";

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that moves only by `pass`. */
export class ManualClock {
  /** Milliseconds since this clock was created. */
  nowMs = 0;
  readonly #timers = new Set<Timer>();
  readonly #turn: (() => void)[] = [];

  /** The number of timers that are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** As `Ports.after`, in whole milliseconds as in browsers; refuses times that a browser would treat as 0. */
  readonly after: Ports["after"] = (ms, run) => {
    if (!(ms >= 0)) throw new RangeError(`A timer needs a time, not ${ms}.`);
    const timer = { dueMs: this.nowMs + Math.trunc(ms), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** As `Ports.soon`. */
  readonly soon: Ports["soon"] = (run) => void this.#turn.push(run);

  /** Ends the turn of the test, as `pass` does too. */
  readonly endTurn = (): void => {
    for (let run = this.#turn.shift(); run; run = this.#turn.shift()) run();
  };

  /**
   * Advances by `ms`: due timers run at their own time, in order, equal times in the order in which they were set, also
   * timers that are set meanwhile. `pass(0)` runs what is due now.
   */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    this.endTurn();
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.nowMs = timer.dueMs;
      timer.run();
      this.endTurn();
    }
    this.nowMs = untilMs;
  }

  /**
   * As `pass`, but runs the reactions of promises between one timer and the next, as outside of tests.
   *
   * @param onTurn called after them each time
   */
  async live(ms: number, onTurn?: () => void): Promise<void> {
    const untilMs = this.nowMs + ms;
    this.endTurn();
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.nowMs = timer.dueMs;
      timer.run();
      this.endTurn();
      await promisesSettle();
      this.endTurn();
      onTurn?.();
    }
    this.nowMs = untilMs;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs <= untilMs && timer.dueMs < (next?.dueMs ?? Number.POSITIVE_INFINITY)) next = timer;
    }
    return next;
  }
}

/** Runs the reactions of settled promises. */
export async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await null;
}

/** Scripted random numbers: each of `values` once, in order, then the last one for ever. */
export function scripted(...values: [number, ...number[]]): Ports["random"] {
  let [value] = values;
  return () => {
    value = values.shift() ?? value;
    return value;
  };
}

/** Random numbers that are the same in each run (mulberry32). @returns numbers from 0 up to, not including, 1 */
export function seeded(seed: number): Ports["random"] {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A page that the test hides and shows. */
export class ManualPage implements Page {
  isSeen = true;
  readonly listeners = new Set<() => void>();

  isHidden(): boolean {
    return !this.isSeen;
  }

  listen(onSign: () => void): () => void {
    this.listeners.add(onSign);
    return () => this.listeners.delete(onSign);
  }

  /** It is shown, or back on the network. */
  sign(): void {
    for (const call of this.listeners) call();
  }
}
