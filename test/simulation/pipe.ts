// One direction of a link: in order, each item after a while, unless it is frozen, and nothing more once it is broken.
import type { ManualClock } from "../support/manual-ports.ts";

const MAX_DELAY_MS = 40;

export class Pipe<T> {
  readonly #clock: ManualClock;
  readonly #random: () => number;
  readonly #arrive: (item: T) => void;
  readonly #items: T[] = [];
  #isFrozen = false;
  #isMoving = false;
  #isBroken = false;

  constructor(clock: ManualClock, random: () => number, arrive: (item: T) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#arrive = arrive;
  }

  /** What is under way, oldest first. */
  get underWay(): readonly T[] {
    return this.#items;
  }

  push(item: T): void {
    if (this.#isBroken) return;
    this.#items.push(item);
    this.#move();
  }

  freeze(): void {
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#move();
  }

  /** What is under way is lost. */
  break(): void {
    this.#isBroken = true;
    this.#items.length = 0;
  }

  #move(): void {
    if (this.#isMoving || this.#isFrozen || this.#items.length === 0) return;
    this.#isMoving = true;
    this.#clock.after(this.#random() * MAX_DELAY_MS, () => {
      this.#isMoving = false;
      if (this.#isFrozen || this.#isBroken) return;
      const [item] = this.#items.splice(0, 1);
      if (item !== undefined) this.#arrive(item);
      this.#move();
    });
  }
}
