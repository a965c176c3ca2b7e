// What a flush costs, learned from the flushes before it: the turns that sent, and the time in which the runtime then wrote.

/** On two cores of 2026 a frame takes 0.025 to 0.045 ms, nearly all of it in the runtime (bench fanout-8, the bare hub). */
const FIRST_MS_PER_SOCKET = 0.04;

/** A clock that is set, or a machine that stands still, must not be taken for the cost of a frame. */
const MIN_MS_PER_SOCKET = 0.005;
const MAX_MS_PER_SOCKET = 0.2;

/** Of fewer sockets the clock, whose unit is 1 ms, says nothing. */
const MEASURED_SOCKETS = 100;

/**
 * How much of what is known the next measurement replaces. What else the thread did meanwhile is in it: so it is too much more
 * often than too little.
 */
const WEIGHT_IF_LESS = 0.25;
const WEIGHT_IF_MORE = 0.05;

export class FlushCost {
  #msPerSocket = FIRST_MS_PER_SOCKET;

  /** @param touched how many frames were sent @returns what that costs, in ms */
  of(touched: number): number {
    return touched * this.#msPerSocket;
  }

  measured(touched: number, tookMs: number): void {
    if (touched < MEASURED_SOCKETS) return;
    const msPerSocket = Math.min(Math.max(tookMs / touched, MIN_MS_PER_SOCKET), MAX_MS_PER_SOCKET);
    const difference = msPerSocket - this.#msPerSocket;
    this.#msPerSocket += difference * (difference < 0 ? WEIGHT_IF_LESS : WEIGHT_IF_MORE);
  }
}
