// The one alarm of an object and the storage that keeps it: answers come later, fail now and then, and it may ring late.
import type { ManualClock } from "../support/manual-ports.ts";
import type { WallClock } from "./wall-clock.ts";

export class Alarm {
  readonly #clock: ManualClock;
  readonly #wall: WallClock;
  readonly #random: () => number;
  readonly #ring: (scheduledMs: number) => void;
  /** What it is set for, as Unix time in ms; `null`: it is not set. */
  atMs: number | null = null;
  #cancel = () => {};
  /** How many of the next calls fail. */
  failures = 0;
  /** Is called when one fails. */
  onFailure = () => {};

  /** @param ring called at its time, or up to 200 ms behind it, and now and then up to 10 s */
  constructor(clock: ManualClock, wall: WallClock, random: () => number, ring: (scheduledMs: number) => void) {
    this.#clock = clock;
    this.#wall = wall;
    this.#random = random;
    this.#ring = ring;
    wall.onJump(() => this.#wait());
  }

  readonly get = (): Promise<number | null> => this.#answer(() => this.atMs);

  readonly set = (atMs: number): Promise<void> =>
    this.#answer(() => {
      this.atMs = atMs;
      this.#wait();
    });

  /** The runtime drops it, as after six failed retries. */
  lose(): void {
    this.#cancel();
    this.atMs = null;
  }

  #wait(): void {
    this.#cancel();
    if (this.atMs === null) return;
    const waitMs = Math.max(0, this.atMs - this.#wall.nowMs) + this.#random() * (this.#random() < 0.1 ? 10_000 : 200);
    this.#cancel = this.#clock.after(waitMs, () => {
      const scheduledMs = this.atMs;
      this.atMs = null;
      if (scheduledMs !== null) this.#ring(scheduledMs);
    });
  }

  async #answer<T>(act: () => T): Promise<T> {
    const fails = this.failures > 0;
    if (fails) this.failures -= 1;
    await null;
    if (fails) this.onFailure();
    if (fails) throw new Error("The storage cannot do that now.");
    return act();
  }
}
