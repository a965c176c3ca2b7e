// Holds calls back from a channel whose hub keeps failing: https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker

/** One failure may be a deploy. */
const TOLERATED = 1;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

/** Of the channels that failed last. */
const MAX_CHANNELS = 1_000;

interface Failures {
  readonly count: number;
  readonly atMs: number;
  readonly untilMs: number;
}

export class CircuitBreaker {
  readonly #failing = new Map<string, Failures>();

  /** @returns for how long calls are to be held back; 0: not at all */
  waitMs(channel: string, nowMs: number): number {
    const failures = this.#failing.get(channel);
    if (failures === undefined || nowMs < failures.atMs) return 0; // the clock was set back
    return Math.max(0, failures.untilMs - nowMs);
  }

  succeeded(channel: string): void {
    this.#failing.delete(channel);
  }

  /** @param beganMs when the call began: those that were in progress together fail together, and are one failure */
  failed(channel: string, beganMs: number, nowMs: number): void {
    const before = this.#failing.get(channel);
    const isSetBack = before !== undefined && nowMs < before.atMs; // the clock: which came first cannot be known
    if (before && !isSetBack && beganMs <= before.atMs) return;
    const count = (before?.count ?? 0) + 1;
    const waitMs = count <= TOLERATED ? 0 : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - TOLERATED - 1));
    this.#failing.delete(channel); // so that it is the newest
    this.#failing.set(channel, { count, atMs: nowMs, untilMs: nowMs + waitMs });
    const [oldest] = this.#failing.keys();
    if (oldest !== undefined && this.#failing.size > MAX_CHANNELS) this.#failing.delete(oldest);
  }
}
