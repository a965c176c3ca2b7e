// The timers of a connection, each known by what it waits for.
import type { Ports } from "./ports.ts";

export class Timers<What extends string> {
  readonly #after: Ports["after"];
  readonly #undo = new Map<What, () => void>();

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  isWaiting(what: What): boolean {
    return this.#undo.has(what);
  }

  /** Runs `run` once in `ms`, instead of what was to run for `what` before. */
  wait(what: What, ms: number, run: () => void): void {
    this.stop(what);
    const undo = this.#after(ms, () => {
      this.#undo.delete(what);
      run();
    });
    this.#undo.set(what, undo);
  }

  stop(what: What): void {
    this.#undo.get(what)?.();
    this.#undo.delete(what);
  }

  stopAll(): void {
    for (const undo of this.#undo.values()) undo();
    this.#undo.clear();
  }
}
