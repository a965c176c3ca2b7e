// What a flush costs, learned from the flushes before it: the turns that sent, and the time in which the runtime then wrote.

/** On two cores of 2026 a frame takes 0.025 to 0.045 ms, nearly all of it in the runtime (bench fanout-8, the bare hub). */
const FIRST_MS_PER_SOCKET = 0.04;

/** A clock that is set, or a machine that stands still, must not be taken for the cost of a frame. */
const MIN_MS_PER_SOCKET = 0.005;
const MAX_MS_PER_SOCKET = 0.2;

/** Of fewer sockets the clock, whose unit is 1 ms, says nothing. */
const MEASURED_SOCKETS = 100;

/** How much of what is known the next measurement replaces. */
const WEIGHT = 0.25;

export class FlushCost {
  #msPerSocket = FIRST_MS_PER_SOCKET;

  /** @param touched how many frames were sent @returns what that costs, in ms */
  of(touched: number): number {
    return touched * this.#msPerSocket;
  }

  measured(touched: number, tookMs: number): void {
    if (touched < MEASURED_SOCKETS) return;
    const msPerSocket = Math.min(Math.max(tookMs / touched, MIN_MS_PER_SOCKET), MAX_MS_PER_SOCKET);
    this.#msPerSocket += (msPerSocket - this.#msPerSocket) * WEIGHT;
  }
}
