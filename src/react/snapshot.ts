// A value that components read. However often it changes while a frame of the stream is handed on, it is told once, when
// that is done: one render a frame.
import { useSyncExternalStore } from "react";

export class Snapshot<T> {
  readonly #first: T;
  #value: T;
  /** What is told next; the same as `#value` where nothing waits to be told. */
  #next: T;
  readonly #changed = new Set<() => void>();

  constructor(value: T) {
    this.#first = this.#value = this.#next = value;
  }

  /** Calls `onChange` after each change. @returns its undo */
  readonly subscribe = (onChange: () => void): (() => void) => {
    this.#changed.add(onChange);
    return () => this.#changed.delete(onChange);
  };

  /** The same until the next change is told. */
  readonly read = (): T => this.#value;

  /** What a server renders, and a browser first: nothing has come yet. */
  readonly readFirst = (): T => this.#first;

  /** @param change from the newest value, told or not, to another; it MUST leave the old one as it is */
  update(change: (value: T) => T): void {
    if (this.#next === this.#value) queueMicrotask(() => this.#notify());
    this.#next = change(this.#next);
  }

  #notify(): void {
    if (this.#next === this.#value) return;
    this.#value = this.#next;
    for (const call of [...this.#changed]) call();
  }
}

/** The value, rendered anew when it has changed. */
export function useSnapshot<T>(snapshot: Snapshot<T>): T {
  return useSyncExternalStore(snapshot.subscribe, snapshot.read, snapshot.readFirst);
}
