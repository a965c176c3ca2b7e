// The promises of asynchronous listeners. A hub that waits for them cannot sleep, so their number and time are bounded: a
// listener that never settles costs half a minute, and is named in the log.
import { deferred } from "../deferred.ts";

/** Longer than a slow webhook takes to answer. */
const MAX_PENDING_MS = 30_000;

/** More events than a channel is meant to take in a second, each with a listener that takes a second. */
const MAX_PENDING = 1_000;

/** What the outcomes take from their surroundings. */
export interface OutcomePorts {
  /** Calls `act` once `ms` have passed, unless the function it returns is called before. */
  after(ms: number, act: () => void): () => void;
  /** Is called with why a listener failed. It MUST NOT throw. */
  report(what: string, error: unknown): void;
  /** Keeps the surroundings awake until `promise` is settled. It never rejects. */
  keepAwake(promise: Promise<unknown>): void;
}

/** A listener of `*` is named by each type, which are a publisher's words. */
const MAX_GIVEN_UP = 100;

interface Pending {
  /** Which listener's it is, for a report. */
  readonly what: string;
  readonly letGo: () => void;
  readonly cancelTimer: () => void;
}

export class PendingOutcomes {
  readonly #ports: OutcomePorts;
  /** Oldest first. */
  readonly #pending = new Set<Pending>();
  /** How many were given up since the last report, by listener. One line for all: a broken listener may have a thousand. */
  readonly #givenUp = new Map<string, number>();
  #isReportDue = false;

  constructor(ports: OutcomePorts) {
    this.#ports = ports;
  }

  /** Waits for `outcome`, and reports its rejection. @returns settles with it or once it is given up; never rejects */
  add(what: string, outcome: Promise<unknown>): Promise<void> {
    const { promise, resolve } = deferred<void>();
    // A timer each: a clock that is set back would have one that goes by it wait for hours.
    const cancelTimer = this.#ports.after(MAX_PENDING_MS, () => this.#timedOut(pending));
    const pending: Pending = { what, letGo: resolve, cancelTimer };
    this.#pending.add(pending);
    void outcome.catch((error) => this.#ports.report(what, error)).then(() => this.#settled(pending));
    this.#ports.keepAwake(promise);
    const [oldest] = this.#pending;
    if (oldest && this.#pending.size > MAX_PENDING) this.#giveUp(oldest);
    return promise;
  }

  #settled(pending: Pending): void {
    this.#letGo(pending);
    if (this.#pending.size === 0) this.#reportGivenUp();
  }

  /** Those that began together are given up together, and are one report. */
  #timedOut(pending: Pending): void {
    this.#giveUp(pending);
    if (this.#isReportDue) return;
    this.#isReportDue = true;
    this.#ports.after(0, () => this.#reportGivenUp());
  }

  #giveUp(pending: Pending): void {
    this.#letGo(pending);
    this.#givenUp.set(pending.what, (this.#givenUp.get(pending.what) ?? 0) + 1);
    if (this.#givenUp.size >= MAX_GIVEN_UP) this.#reportGivenUp();
  }

  #letGo(pending: Pending): void {
    pending.cancelTimer(); // a timer keeps the hub awake too
    this.#pending.delete(pending);
    pending.letGo();
  }

  #reportGivenUp(): void {
    this.#isReportDue = false;
    for (const [what, times] of this.#givenUp) {
      const why = `took longer than ${MAX_PENDING_MS / 1000} s, or was one of more than ${MAX_PENDING} that were pending`;
      this.#ports.report(what, new Error(`It ${why} (${times} ${times === 1 ? "time" : "times"}).`));
    }
    this.#givenUp.clear();
  }
}

/**
 * Turns what a listener returned into a promise, if `await` would wait for it: anything with a `then`. The promises of
 * Workers RPC are functions and not instances of Promise; a stub has no `then`.
 *
 * @returns null if there is nothing to wait for
 * @throws what reading `then` throws
 */
export function promiseOf(outcome: unknown): Promise<unknown> | null {
  if ((typeof outcome !== "object" && typeof outcome !== "function") || outcome === null) return null;
  const { then } = outcome as { readonly then?: unknown }; // read once: a getter may answer otherwise the next time
  if (typeof then !== "function") return null;
  return Promise.resolve().then(() => new Promise((resolve, reject) => then.call(outcome, resolve, reject)));
}
