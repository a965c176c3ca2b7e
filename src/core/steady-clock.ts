// Durations by a wall clock, which may be set while the hub runs. A Durable Object has no other clock.

export class SteadyClock {
  #wallMs: number | null = null;
  #ms = 0;

  /** @param wallMs Unix time in ms @returns the ms since the first call. Setting the clock back takes nothing away */
  at(wallMs: number): number {
    this.#ms += Math.max(0, wallMs - (this.#wallMs ?? wallMs));
    this.#wallMs = wallMs;
    return this.#ms;
  }
}
