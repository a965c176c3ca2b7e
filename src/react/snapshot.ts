// A value that components read, immutable between renders. Updates are batched in a microtask: however many events a frame
// brings, components render once.
import { useSyncExternalStore } from "react";

export class Snapshot<T> {
  readonly #first: T;
  #value: T;
  /** The newest value; equal to `#value` if no notification is pending. */
  #next: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#first = this.#value = this.#next = value;
  }

  /** Calls `onChange` after each change. @returns a function that unsubscribes */
  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  };

  /** The same value until the next notification. */
  readonly read = (): T => this.#value;

  /** The initial value, for server rendering and hydration. */
  readonly readFirst = (): T => this.#first;

  /** @param change returns a new value from the newest one, which it MUST NOT mutate */
  update(change: (value: T) => T): void {
    if (this.#next === this.#value) queueMicrotask(() => this.#notify());
    this.#next = change(this.#next);
  }

  #notify(): void {
    if (this.#next === this.#value) return;
    this.#value = this.#next;
    for (const call of [...this.#listeners]) call();
  }
}

/** The current value; the component renders again when it changes. */
export function useSnapshot<T>(snapshot: Snapshot<T>): T {
  return useSyncExternalStore(snapshot.subscribe, snapshot.read, snapshot.readFirst);
}
