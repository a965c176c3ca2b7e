// Events are heard in the order of the log, also where a listener emits: what is emitted while something is being told waits
// until all of that is told. Only for the calls: nothing here waits for a promise, so a listener may await its own emit.

export class InTurn<T> {
  readonly #tell: (item: T) => void;
  readonly #queue: T[] = [];
  /** Whether the queue is being told, or will be further up the stack. */
  #isTelling = false;

  constructor(tell: (item: T) => void) {
    this.#tell = tell;
  }

  /**
   * Tells `item` once those that were added before are told.
   *
   * @param before what comes before it is told, and is done at once. It may add more: a broadcast that finds a socket gone
   *   has that to tell, and those who hear it may emit, which is later in the log than `item`.
   */
  add(item: T, before: () => void): void {
    this.#queue.push(item);
    if (this.#isTelling) {
      before();
      return;
    }
    this.#isTelling = true;
    try {
      before();
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#tell(next);
    } finally {
      this.#isTelling = false;
    }
  }
}
