// Listeners that cannot break each other.
import { checkListener } from "./check.ts";

/**
 * Options of whatever adds a listener.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect("https://events.example.org");
 * const left = new AbortController();
 * reactor.on("news_*", (event) => console.log(event.type), { signal: left.signal }); // → news_processed
 * addEventListener("popstate", () => left.abort());
 * ```
 */
export interface ListenOptions {
  /** Removes the listener when it is aborted, like the function that was returned. */
  readonly signal?: AbortSignal | undefined;
}

/** A set of listeners, called in the order in which they were added. */
export class Listeners<T, Detail = undefined> {
  readonly #listeners = new Set<(value: T, detail?: Detail) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** @returns a function that unsubscribes @throws TypeError if `listener` is no function, or an option none */
  readonly add = (listener: (value: T, detail?: Detail) => void, options: ListenOptions = {}): (() => void) => {
    checkListener(listener, options);
    const own: typeof listener = (value, detail) => listener(value, detail); // a function may be added twice, and each removed
    return until(options.signal, () => {
      this.#listeners.add(own);
      return () => this.#listeners.delete(own);
    });
  };

  /** @returns whether there was a listener */
  call(value: T, detail?: Detail): boolean {
    const listeners = [...this.#listeners];
    for (const listener of listeners) {
      if (this.#listeners.has(listener)) callSafely(listener, value, detail); // else an earlier listener removed it
    }
    return listeners.length > 0;
  }
}

/**
 * Does what `begin` does, until it is undone or `signal` is aborted, whichever comes first; nothing if it is aborted already.
 *
 * @param begin returns its undo
 * @returns the undo. A signal that outlives it keeps nothing of it
 */
export function until(signal: AbortSignal | undefined, begin: () => () => void): () => void {
  if (signal?.aborted) return () => {};
  const undo = begin();
  const end = () => {
    signal?.removeEventListener("abort", end);
    undo();
  };
  signal?.addEventListener("abort", end);
  return end;
}

/** Calls `listener`. What it throws is reported and goes no further, and so is what a promise of its rejects with. */
export function callSafely<Args extends unknown[]>(listener: (...args: Args) => unknown, ...args: Args): void {
  try {
    const result = listener(...args) as PromiseLike<unknown> | undefined | null;
    if (typeof result?.then === "function") result.then(undefined, report);
  } catch (error) {
    report(error);
  }
}

/** Reports an exception to the page's error handling, as the browser does. Node has no `reportError`. */
export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
