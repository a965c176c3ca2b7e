// What keeps a hub in memory: work that it put off, and promises that it asked its platform to wait for.
import type { ManualClock } from "../support/manual-ports.ts";

export class Wakefulness {
  readonly #clock: ManualClock;
  #pending = 0;
  /** Since when the hub is kept awake by each promise, in the time of timers; oldest first. */
  #since = new Map<Promise<unknown>, number>();
  #life = 0;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** Whether memory may go. */
  get maySleep(): boolean {
    return this.#pending === 0;
  }

  /** The object is gone, with all that was pending. */
  crashed(): void {
    this.#life += 1;
    this.#pending = 0;
    this.#since = new Map();
  }

  /** For how long the hub has been kept awake by one promise, in ms. */
  get longestMs(): number {
    const [sinceMs] = this.#since.values();
    return sinceMs === undefined ? 0 : this.#clock.nowMs - sinceMs;
  }

  /** Runs `act` after `ms`, unless the object is gone by then. */
  readonly later = (ms: number, act: () => void): void => {
    const isOver = this.#begin();
    this.after(ms, () => {
      isOver();
      act();
    });
  };

  /** As `later`, but keeps nothing awake. */
  readonly after = (ms: number, act: () => void): (() => void) => {
    const life = this.#life;
    return this.#clock.after(ms, () => {
      if (life === this.#life) act(); // else it went with the object
    });
  };

  readonly keepAwake = (promise: Promise<unknown>): void => {
    const settle = this.#begin();
    const since = this.#since;
    since.set(promise, this.#clock.nowMs);
    const isOver = () => {
      settle();
      since.delete(promise);
    };
    promise.then(isOver, isOver);
  };

  /** Some turns later, in which others may come before; keeps nothing awake, and never comes where the object is gone. */
  turns(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** What `promise` brings, unless the object is gone by then: its answer has gone with it. */
  unlessCrashed<T>(promise: Promise<T>): Promise<T> {
    const life = this.#life;
    return new Promise((resolve, reject) => {
      promise.then((value) => life === this.#life && resolve(value), reject);
    });
  }

  #begin(): () => void {
    const life = this.#life;
    this.#pending += 1;
    return () => {
      if (life === this.#life) this.#pending -= 1;
    };
  }
}
