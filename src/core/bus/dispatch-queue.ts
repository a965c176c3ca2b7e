// Listeners hear events in the order of the log, also where a listener emits: what is emitted during a dispatch is dispatched
// once all before it is. This orders calls only: nothing waits for a promise, so a listener may await its own emit.

export class DispatchQueue<T> {
  readonly #dispatch: (item: T) => void;
  readonly #queue: T[] = [];
  /** Whether the queue is being emptied, or will be further up the stack. */
  #isHeld = false;

  constructor(dispatch: (item: T) => void) {
    this.#dispatch = dispatch;
  }

  add(item: T): void {
    this.hold(() => this.#queue.push(item));
  }

  /**
   * Dispatches what `act` adds once `act` has returned or thrown. While an event goes to the sockets a socket may be closed,
   * of which listeners hear: what they emit stands behind that event in the log, and must be heard behind it.
   */
  hold<R>(act: () => R): R {
    if (this.#isHeld) return act();
    this.#isHeld = true;
    try {
      return act();
    } finally {
      try {
        for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#dispatch(next);
      } finally {
        this.#isHeld = false;
      }
    }
  }
}
