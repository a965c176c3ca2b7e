// What came over time, at three resolutions: rings of so many steps each, whose memory does not grow however long the page is open.

/** As many steps as are drawn. */
const STEPS = 300;

/** The length of a step in ms: 5 minutes, 1 hour and 6 hours are drawn. */
export const SPANS = { "5m": 1_000, "1h": 12_000, "6h": 72_000 } as const;
export type Span = keyof typeof SPANS;

/** How many whole seconds the rate is taken over. */
const RATE_S = 5;

/** One step of a span; `null`: not known. */
export interface Step {
  /** When it began, in Unix time in ms. */
  readonly atMs: number;
  /** Received by this page. `null`: before it was opened. */
  readonly events: number | null;
  readonly clients: number | null;
  readonly roundTripMs: number | null;
}

class Ring {
  readonly #stepMs: number;
  /** Which step a place holds, counted from 1970. */
  readonly #nth = new Float64Array(STEPS).fill(-1);
  readonly #events = new Float64Array(STEPS);
  /** The last ones of a step; NaN: none. */
  readonly #clients = new Float64Array(STEPS);
  readonly #roundTrips = new Float64Array(STEPS);

  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  count(nowMs: number): void {
    const at = this.#place(nowMs);
    this.#events[at] = (this.#events[at] ?? 0) + 1;
  }

  sample(nowMs: number, clients: number | null, roundTripMs: number | null): void {
    const at = this.#place(nowMs);
    if (clients !== null) this.#clients[at] = clients;
    if (roundTripMs !== null) this.#roundTrips[at] = roundTripMs;
  }

  /** Oldest first. The present step is not among them: it is not over. */
  steps(nowMs: number, openedMs: number): Step[] {
    const newest = this.#nthOf(nowMs);
    const first = this.#nthOf(openedMs);
    return Array.from({ length: STEPS }, (_, i) => {
      const nth = newest - STEPS + i;
      const at = nth % STEPS;
      const atMs = nth * this.#stepMs;
      if (this.#nth[at] !== nth) {
        return { atMs, events: nth < first ? null : 0, clients: null, roundTripMs: null };
      }
      const [clients, roundTripMs] = [known(this.#clients[at]), known(this.#roundTrips[at])];
      return { atMs, events: this.#events[at] ?? 0, clients, roundTripMs };
    });
  }

  /** In the step `back` before the present one. */
  eventsBefore(nowMs: number, back: number): number {
    const nth = this.#nthOf(nowMs) - back;
    return this.#nth[nth % STEPS] === nth ? (this.#events[nth % STEPS] ?? 0) : 0;
  }

  #nthOf(ms: number): number {
    return Math.floor(ms / this.#stepMs);
  }

  #place(nowMs: number): number {
    const nth = this.#nthOf(nowMs);
    const at = nth % STEPS;
    if (this.#nth[at] !== nth) {
      this.#nth[at] = nth;
      this.#events[at] = 0;
      this.#clients[at] = this.#roundTrips[at] = Number.NaN;
    }
    return at;
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

export class Timeline {
  readonly #openedMs: number;
  readonly #rings: Readonly<Record<Span, Ring>> = {
    "5m": new Ring(SPANS["5m"]),
    "1h": new Ring(SPANS["1h"]),
    "6h": new Ring(SPANS["6h"]),
  };

  /** Times are Unix times in ms. */
  constructor(openedMs: number) {
    this.#openedMs = openedMs;
  }

  /** An event was received. */
  count(nowMs: number): void {
    for (const ring of Object.values(this.#rings)) ring.count(nowMs);
  }

  /** `null`: not known. */
  sample(nowMs: number, clients: number | null, roundTripMs: number | null): void {
    for (const ring of Object.values(this.#rings)) ring.sample(nowMs, clients, roundTripMs);
  }

  steps(span: Span, nowMs: number): Step[] {
    return this.#rings[span].steps(nowMs, this.#openedMs);
  }

  /** Events a second over the last whole seconds. */
  rate(nowMs: number): number {
    let events = 0;
    for (let back = 1; back <= RATE_S; back++) events += this.#rings["5m"].eventsBefore(nowMs, back);
    return events / RATE_S;
  }
}
