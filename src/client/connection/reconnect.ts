// Schedules reconnects and counts attempts.
import { PING_AFTER_MS } from "../../wire/limits.ts";
import type { Welcome } from "../../wire/server-frame.ts";
import { backoff, DEFAULT_RETRY, openLimitMs } from "./backoff.ts";
import type { Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** The hub's advice: the ping interval in ms, and the backoff. */
export type Advice = Pick<Welcome, "heartbeat_ms" | "retry">;

/** A hidden page waits as after so many more failed attempts: the pages that are seen go first. */
const HIDDEN = 2;

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
  readonly #page: Ports["page"];
  readonly #timers: Timers<"retry" | "stable">;
  /** What the wait leads to; `undefined`: nothing waits, or it was hastened. */
  #waiting: (() => void) | undefined;

  /** @param tune adjusts the hub's advice; called each time it is needed */
  constructor({ after, random, page }: Ports, tune: (advice: Advice) => Advice = (advice) => advice) {
    this.#timers = new Timers(after);
    this.#random = random;
    this.#page = page;
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

  /** How long the present attempt may take to open. */
  get openLimitMs(): number {
    return openLimitMs(this.#failures);
  }

  /** Runs `open` after the backoff's delay. */
  schedule(open: () => void): void {
    const failures = this.#failures++ + (this.#page?.isHidden() ? HIDDEN : 0);
    this.#wait(failures, open);
    this.#waiting = open;
  }

  /** There is reason for hope: what waits waits no longer than at first. Once for each wait, however many reasons there are. */
  hasten(): void {
    const open = this.#waiting;
    if (!open) return;
    this.#waiting = undefined;
    this.#failures = 1;
    this.#wait(0, open);
  }

  stop(): void {
    this.#waiting = undefined;
    this.#timers.stopAll();
  }

  #wait(failures: number, open: () => void): void {
    this.#timers.start("retry", backoff(this.advice.retry, failures, this.#random()), () => {
      this.#waiting = undefined;
      this.attempts += 1;
      open();
    });
  }
}
