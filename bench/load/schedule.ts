// When the events of an open loop are due: at fixed times, whatever the server does. Latencies count from these times, so
// that an event which waits for a late publisher or a busy server is seen to wait.

export class Schedule {
  readonly #firstUs: number;
  readonly #perSecond: number;
  /** How many events there are. */
  readonly total: number;

  constructor(firstUs: number, perSecond: number, seconds: number) {
    this.#firstUs = firstUs;
    this.#perSecond = perSecond;
    this.total = Math.round(perSecond * seconds);
  }

  /** @param number of the event, from 0 @returns when it is due, on the clock of `nowUs` */
  dueUs(number: number): number {
    return this.#firstUs + (number * 1e6) / this.#perSecond;
  }

  /** How many events are due by then. */
  dueBy(us: number): number {
    const due = Math.floor(((us - this.#firstUs) * this.#perSecond) / 1e6) + 1;
    return Math.min(this.total, Math.max(0, due));
  }
}
