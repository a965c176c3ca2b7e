// Timers that a message makes punctual: those of a hidden tab run once a minute, and what others say to it arrives at once.
import type { Ports } from "../client/connection/ports.ts";

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export class PromptTimers {
  readonly #ports: Pick<Ports, "after" | "soon"> & { now(): number };
  readonly #timers = new Set<Timer>();

  constructor(ports: Pick<Ports, "after" | "soon"> & { now(): number }) {
    this.#ports = ports;
  }

  /** As `Ports.after`; what is due at once does not wait for a timer. */
  readonly after: Ports["after"] = (ms, run) => {
    const timer: Timer = {
      dueMs: this.#ports.now() + ms,
      run: () => {
        if (!this.#timers.delete(timer)) return;
        cancel();
        run();
      },
    };
    this.#timers.add(timer);
    let cancel = () => {};
    if (ms <= AT_ONCE_MS) this.#ports.soon(timer.run);
    else cancel = this.#ports.after(ms, timer.run);
    return () => {
      this.#timers.delete(timer);
      cancel();
    };
  };

  /** Runs what is due. Call it for each message. */
  nudge(): void {
    for (const timer of [...this.#timers]) if (timer.dueMs <= this.#ports.now()) timer.run();
  }
}

const AT_ONCE_MS = 1;
