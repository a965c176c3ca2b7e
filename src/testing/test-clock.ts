// The time of a test: it stands still until `advance`. What is due now runs by itself, in a microtask: code that awaits nothing but
// promises sees it, also where a test runner has replaced the timers.
interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** So many turns without news, and nothing hangs on settled promises any more: a client's longest chain of them has 12. */
const QUIET_TURNS = 50;

export class TestClock {
  /** Unix time in ms. */
  nowMs: number;
  #timers: Timer[] = [];
  #isDue = false;
  /** How often something ran: what `settle` waits to stand still. */
  #runs = 0;
  /** What comes from outside of this clock, such as the answers of the test's own functions. */
  readonly #awaited = new Set<Promise<unknown>>();

  constructor(startMs: number) {
    this.nowMs = startMs;
  }

  /** Calls `run` once, `ms` from now. @returns a function that cancels it */
  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { dueMs: this.nowMs + Math.max(0, Math.trunc(ms)), run };
    this.#timers.push(timer);
    if (timer.dueMs <= this.nowMs) this.#wakeUp();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** Calls `run` at the end of this turn. */
  readonly soon = (run: () => void): void => {
    queueMicrotask(() => {
      this.#runs += 1;
      run();
    });
  };

  /** `settle` waits for `promise`. */
  awaits<T>(promise: Promise<T>): Promise<T> {
    const settled = promise.then(
      () => {},
      () => {},
    );
    this.#awaited.add(settled);
    void settled.then(() => this.#awaited.delete(settled));
    return promise;
  }

  /** Timers run at their own time, in order, each with all that follows from it by promises. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await this.settle();
    for (let timer = this.#next(untilMs); timer; timer = this.#next(untilMs)) {
      this.nowMs = Math.max(this.nowMs, timer.dueMs);
      this.#run(timer);
      await this.settle();
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** When all has run that is due now. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const runs = this.#runs;
      await Promise.all(this.#awaited);
      if (this.#runs > runs) quiet = 0;
    }
  }

  #wakeUp(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.soon(() => {
      this.#isDue = false;
      for (const timer of this.#timers.filter(({ dueMs }) => dueMs <= this.nowMs)) {
        if (this.#timers.includes(timer)) this.#run(timer); // else another one has cancelled it
      }
    });
  }

  #run(timer: Timer): void {
    this.#runs += 1;
    this.#timers = this.#timers.filter((other) => other !== timer);
    timer.run();
  }

  /** Of equal times that which was set first. */
  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.dueMs <= untilMs && timer.dueMs < (next?.dueMs ?? Infinity)) next = timer;
    return next;
  }
}
