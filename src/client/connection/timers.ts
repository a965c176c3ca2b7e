// The timers of a connection, each known by what it waits for.
import type { Ports } from "./ports.ts";

export class Timers<What extends string> {
  readonly #after: Ports["after"];
  readonly #cancel = new Map<What, () => void>();

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  isRunning(what: What): boolean {
    return this.#cancel.has(what);
  }

  /** Runs `run` once in `ms`, instead of what was to run for `what` before. */
  start(what: What, ms: number, run: () => void): void {
    this.stop(what);
    const cancel = this.#after(ms, () => {
      this.#cancel.delete(what);
      run();
    });
    this.#cancel.set(what, cancel);
  }

  stop(what: What): void {
    this.#cancel.get(what)?.();
    this.#cancel.delete(what);
  }

  stopAll(): void {
    for (const cancel of this.#cancel.values()) cancel();
    this.#cancel.clear();
  }
}
