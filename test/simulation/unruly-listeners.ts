// Listeners on the bus of a simulated hub that do what listeners do: emit, throw, fail later, or never come to an end.
import type { EventBus } from "../../src/core/bus/event-bus.ts";
import type { ReactorEvents } from "../../src/core/bus/event-names.ts";
import type { ManualClock } from "../support/manual-ports.ts";

const CHAINED = "chained";

export class UnrulyListeners {
  /** What failed, and must be reported. */
  readonly failed: Error[] = [];
  readonly #clock: ManualClock;
  readonly #random: () => number;
  /** When each work began that has not come to an end, in the time of timers. */
  readonly #atWork = new Map<Promise<unknown>, number>();
  /** How many will never come to an end, and the hub has not said so. */
  endless = 0;

  constructor(clock: ManualClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  addTo(bus: EventBus<ReactorEvents>): void {
    bus.on("a", (_, { emit }) => {
      emit(CHAINED, {}).catch(() => {}); // the log may refuse it
    });
    bus.on("b", () => this.#misbehave());
  }

  /** Whether one is at work, for less than `maxMs`. */
  isAtWork(maxMs: number): boolean {
    return [...this.#atWork.values()].some((beganMs) => this.#clock.nowMs - beganMs < maxMs);
  }

  /** The object is gone, with all that they were doing. */
  crashed(): void {
    this.#atWork.clear();
    this.endless = 0;
  }

  #misbehave(): unknown {
    const chance = this.#random();
    if (chance < 0.2) throw this.#failure();
    if (chance < 0.4) return this.#failsLater();
    if (chance < 0.6) return thenable(this.#failsLater());
    return chance < 0.65 ? this.#never() : undefined;
  }

  #failsLater(): Promise<never> {
    const work = new Promise<never>((_, reject) => {
      this.#clock.after(this.#random() * 2_000, () => {
        this.#atWork.delete(work);
        reject(this.#failure());
      });
    });
    this.#atWork.set(work, this.#clock.nowMs);
    return work;
  }

  #never(): Promise<never> {
    const work = new Promise<never>(() => {});
    this.#atWork.set(work, this.#clock.nowMs);
    this.endless += 1;
    return work;
  }

  #failure(): Error {
    const error = new Error(`Listener failure ${this.failed.length}`);
    this.failed.push(error);
    return error;
  }
}

/** As a promise of Workers RPC is: it has a `then`, is no native Promise, and fails whether anybody waits for it or not. */
function thenable(promise: Promise<unknown>): unknown {
  promise.catch(() => {});
  // biome-ignore lint/suspicious/noThenProperty: that is what is tried
  return { then: promise.then.bind(promise) };
}
