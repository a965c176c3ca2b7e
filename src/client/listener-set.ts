// Listeners that cannot hurt each other.

/** A set of listeners that are called in the order in which they came, with what is to be told of it. */
export class Listeners<T, Detail = undefined> {
  readonly #listeners = new Set<(value: T, detail?: Detail) => void>();

  /** @returns its undo */
  add(listener: (value: T, detail?: Detail) => void): () => void {
    const own: typeof listener = (value, detail) => listener(value, detail); // so that the same function may listen twice, and each be undone
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  call(value: T, detail?: Detail): void {
    for (const listener of [...this.#listeners]) {
      if (this.#listeners.has(listener)) callSafely(listener, value, detail); // else an earlier listener removed it
    }
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

/** As if the browser had called the listener itself: the page's error handling hears of it. Node has no such thing. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
