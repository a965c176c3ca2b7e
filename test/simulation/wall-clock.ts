// What the hub and the backends of a simulation take for the time: it jumps, and timers do not follow it.
import type { ManualClock } from "../support/manual-ports.ts";

export const MAX_SKEW_MS = 2 * 3_600_000;

export class WallClock {
  readonly #clock: ManualClock;
  readonly #onJump: ((isBack: boolean) => void)[] = [];
  #skewMs = 1_800_000_000_000;
  readonly #baseMs = this.#skewMs;
  /** When it jumped, in the time of timers. */
  readonly #jumpsMs: number[] = [];

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  /** Unix time in ms. */
  get nowMs(): number {
    return this.#clock.nowMs + this.#skewMs;
  }

  get hasJumped(): boolean {
    return this.#jumpsMs.length > 0;
  }

  /** Whether it jumped in the `ms` before that moment, in the time of timers. */
  jumpedBefore(momentMs: number, ms: number): boolean {
    return this.#jumpsMs.some((jumpMs) => jumpMs <= momentMs && momentMs - jumpMs < ms);
  }

  /** @param act is called with whether it was set back */
  onJump(act: (isBack: boolean) => void): void {
    this.#onJump.push(act);
  }

  /** @param random from 0 to 1: back or forth, by seconds or by hours, but never out of two hours of the truth */
  jump(random: () => number): void {
    const byMs = (random() - 0.5) * (random() < 0.5 ? 60_000 : 2 * MAX_SKEW_MS);
    const skewMs = this.#skewMs - this.#baseMs + byMs;
    const before = this.#skewMs;
    this.#skewMs = this.#baseMs + Math.trunc(Math.max(-MAX_SKEW_MS, Math.min(MAX_SKEW_MS, skewMs)));
    this.#jumpsMs.push(this.#clock.nowMs);
    for (const act of this.#onJump) act(this.#skewMs < before);
  }
}
