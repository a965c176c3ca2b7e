// When a lost connection is opened again, and how often that was tried.
import { PING_AFTER_MS } from "../../wire/limits.ts";
import type { Welcome } from "../../wire/server-frame.ts";
import { backoff, DEFAULT_RETRY } from "./backoff.ts";
import type { Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** How often to ping, and how to come back, as the hub wants it. */
export type Pace = Pick<Welcome, "heartbeat_ms" | "retry">;

/** A connection that stood so long was a success; one that fell sooner counts as an attempt in vain. */
const STABLE_MS = 10_000;

export class Reconnect {
  /** How often it was tried, since the last welcome. */
  attempts = 0;
  /** The same for the backoff, to which connections that fell at once were in vain too. */
  #failures = 0;
  #pace: Pace = { heartbeat_ms: PING_AFTER_MS, retry: DEFAULT_RETRY };
  readonly #tune: (pace: Pace) => Pace;
  readonly #random: Ports["random"];
  readonly #timers: Timers<"retry" | "stable">;

  /** @param tune what becomes of the hub's pace, asked each time that one is needed */
  constructor({ after, random }: Ports, tune: (pace: Pace) => Pace = (pace) => pace) {
    this.#timers = new Timers(after);
    this.#random = random;
    this.#tune = tune;
  }

  get pace(): Pace {
    return this.#tune(this.#pace);
  }

  welcomed(pace: Pace): void {
    this.#pace = pace;
    this.attempts = 0;
    this.#failures = Math.min(this.#failures, 2); // the hub is there; against a rush it has `first_ms`
    this.#timers.start("stable", STABLE_MS, () => {
      this.#failures = 0;
    });
  }

  /** Runs `open` when it is time to try. */
  schedule(open: () => void): void {
    const waitMs = backoff(this.pace.retry, this.#failures++, this.#random());
    this.#timers.start("retry", waitMs, () => {
      this.attempts += 1;
      open();
    });
  }

  stop(): void {
    this.#timers.stopAll();
  }
}
