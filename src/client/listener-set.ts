// Listeners that cannot break each other.

/** A set of listeners, called in the order in which they were added. */
export class Listeners<T, Detail = undefined> {
  readonly #listeners = new Set<(value: T, detail?: Detail) => void>();

  /** @returns a function that unsubscribes */
  add(listener: (value: T, detail?: Detail) => void): () => void {
    const own: typeof listener = (value, detail) => listener(value, detail); // a function may be added twice, and each removed
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** @returns whether there was a listener */
  call(value: T, detail?: Detail): boolean {
    const listeners = [...this.#listeners];
    for (const listener of listeners) {
      if (this.#listeners.has(listener)) callSafely(listener, value, detail); // else an earlier listener removed it
    }
    return listeners.length > 0;
  }
}

/** Calls `listener`. An exception is reported and goes no further. */
export function callSafely<Args extends unknown[]>(listener: (...args: Args) => void, ...args: Args): void {
  try {
    listener(...args);
  } catch (error) {
    report(error);
  }
}

/** Reports an exception to the page's error handling, as the browser does. Node has no `reportError`. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
