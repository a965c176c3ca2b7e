// A value that components read, immutable between renders. However many updates come, components render once for each frame that the
// screen shows.
import { useSyncExternalStore } from "react";

/** A hidden page is shown no frame. */
const HIDDEN_MS = 250;

export class Snapshot<T> {
  readonly #first: T;
  #value: T;
  /** What will have changed it by the next notification. */
  #changes: ((value: T) => T)[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#first = this.#value = value;
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

  /** @param change is called before the next notification, and returns a new value from the newest one, which it MUST NOT mutate */
  update(change: (value: T) => T): void {
    if (this.#changes.push(change) === 1) onNextFrame(() => this.#notify());
  }

  #notify(): void {
    const before = this.#value;
    for (const change of this.#changes) this.#value = change(this.#value);
    this.#changes = [];
    if (this.#value === before) return;
    for (const call of [...this.#listeners]) call();
  }
}

/** What waits for the next frame. One callback notifies all snapshots: React renders a component once that reads several of them. */
let waiting: (() => void)[] = [];

/** Runs `run` once: at the next frame, or at the end of this turn where there are none. */
function onNextFrame(run: () => void): void {
  if (waiting.push(run) > 1) return;
  if (typeof requestAnimationFrame === "undefined") {
    queueMicrotask(runWaiting);
    return;
  }
  const timer = setTimeout(() => {
    cancelAnimationFrame(frame);
    runWaiting();
  }, HIDDEN_MS);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    runWaiting();
  });
}

function runWaiting(): void {
  const due = waiting;
  waiting = [];
  for (const run of due) run();
}

/** The current value; the component renders again when it changes. */
export function useSnapshot<T>(snapshot: Snapshot<T>): T {
  return useSyncExternalStore(snapshot.subscribe, snapshot.read, snapshot.readFirst);
}
