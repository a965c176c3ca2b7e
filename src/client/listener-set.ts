// Listeners that cannot hurt each other.

/** A set of listeners that are called in the order in which they came. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  /** @returns its undo */
  add(listener: (value: T) => void): () => void {
    const own = (value: T) => listener(value); // so that the same function may listen twice, and each be undone
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  call(value: T): void {
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue; // undone by one before it
      try {
        listener(value);
      } catch (error) {
        report(error);
      }
    }
  }
}

/** As if the browser had called the listener itself: the page's error handling hears of it. Node has no such thing. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
