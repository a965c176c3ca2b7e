// Time and chance in a test's own hand, for whatever takes `Ports`.
import type { Ports } from "../../src/client/connection/ports.ts";

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** A clock that moves only by `pass`. */
export class ManualClock {
  /** Milliseconds since this clock was made. */
  nowMs = 0;
  readonly #timers = new Set<Timer>();

  /** Timers that would still run. */
  get pending(): number {
    return this.#timers.size;
  }

  /** As `Ports.after`, in whole milliseconds as browsers count; what a browser would take for "at once" is refused. */
  readonly after: Ports["after"] = (ms, run) => {
    if (!(ms >= 0)) throw new RangeError(`A timer needs a time, not ${ms}.`);
    const timer = { dueMs: this.nowMs + Math.trunc(ms), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /**
   * Lets `ms` pass: what is due runs at its own time, in order, equal times in the order in which they were set, and
   * what that sets runs too if it is due by then. `pass(0)` runs what is due now.
   */
  pass(ms: number): void {
    const untilMs = this.nowMs + ms;
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.nowMs = timer.dueMs;
      timer.run();
    }
    this.nowMs = untilMs;
  }

  /**
   * As `pass`, but what hangs on promises alone happens between one timer and the next, as it does outside of tests.
   *
   * @param onTurn is called each time that this has happened
   */
  async live(ms: number, onTurn?: () => void): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.nowMs = timer.dueMs;
      timer.run();
      await promisesSettle();
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

/** Lets whatever hangs on promises alone happen: they know no clock. */
export async function promisesSettle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await null;
}

/** Chance by script: each of `values` once, in turn, then the last one for ever. */
export function scripted(...values: [number, ...number[]]): Ports["random"] {
  let [value] = values;
  return () => {
    value = values.shift() ?? value;
    return value;
  };
}

/** Chance that is the same in each run (mulberry32). @returns numbers from 0 to 1, 1 never */
export function seeded(seed: number): Ports["random"] {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
