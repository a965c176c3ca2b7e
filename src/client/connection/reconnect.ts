// Schedules reconnects and counts attempts.
import { PING_AFTER_MS } from "../../wire/limits.ts";
import type { Welcome } from "../../wire/server-frame.ts";
import { backoff, DEFAULT_RETRY } from "./backoff.ts";
import type { Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** The hub's advice: the ping interval in ms, and the backoff. */
export type Advice = Pick<Welcome, "heartbeat_ms" | "retry">;

/** A connection that lasted this long resets the backoff; a shorter one counts as a failed attempt. */
const STABLE_MS = 10_000;

export class Reconnect {
  /** Reconnect attempts since the last welcome. */
  attempts = 0;
  /** Failed attempts for the backoff, including connections that were lost before they were stable. */
  #failures = 0;
  #advice: Advice = { heartbeat_ms: PING_AFTER_MS, retry: DEFAULT_RETRY };
  readonly #tune: (advice: Advice) => Advice;
  readonly #random: Ports["random"];
  readonly #timers: Timers<"retry" | "stable">;

  /** @param tune adjusts the hub's advice; called each time it is needed */
  constructor({ after, random }: Ports, tune: (advice: Advice) => Advice = (advice) => advice) {
    this.#timers = new Timers(after);
    this.#random = random;
    this.#tune = tune;
  }

  get advice(): Advice {
    return this.#tune(this.#advice);
  }

  welcomed(advice: Advice): void {
    this.#advice = advice;
    this.attempts = 0;
    this.#failures = Math.min(this.#failures, 2); // the hub is up; `first_ms` spreads a rush
    this.#timers.start("stable", STABLE_MS, () => {
      this.#failures = 0;
    });
  }

  /** Runs `open` after the backoff's delay. */
  schedule(open: () => void): void {
    const waitMs = backoff(this.advice.retry, this.#failures++, this.#random());
    this.#timers.start("retry", waitMs, () => {
      this.attempts += 1;
      open();
    });
  }

  stop(): void {
    this.#timers.stopAll();
  }
}
