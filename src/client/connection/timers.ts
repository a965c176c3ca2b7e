// The timers of a connection, by name.
import type { Ports } from "./ports.ts";

export class Timers<Name extends string> {
  readonly #after: Ports["after"];
  readonly #cancel = new Map<Name, () => void>();

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  isRunning(name: Name): boolean {
    return this.#cancel.has(name);
  }

  /** Runs `run` once in `ms`; replaces the timer of the same name. */
  start(name: Name, ms: number, run: () => void): void {
    this.stop(name);
    const cancel = this.#after(ms, () => {
      this.#cancel.delete(name);
      run();
    });
    this.#cancel.set(name, cancel);
  }

  stop(name: Name): void {
    this.#cancel.get(name)?.();
    this.#cancel.delete(name);
  }

  stopAll(): void {
    for (const cancel of this.#cancel.values()) cancel();
    this.#cancel.clear();
  }
}
