// When the next attempt to connect begins. The client makes its timers by a port: the newest one when it says that it reconnects is
// that of the next attempt, and so is what replaces it when the page is shown or is back on the network.
import type { Ports } from "../../client/connection/ports.ts";

export class RetryTimer {
  /** What the connection is to be made with. */
  readonly ports: Ports;
  #newest: { readonly dueMs: number } | undefined;
  #retry: { readonly dueMs: number } | undefined;
  #isReplaced = false;

  /** @param onReplaced called when another time holds @param now the present, in Unix time in ms */
  constructor(ports: Ports, onReplaced: (dueMs: number) => void, now: () => number = Date.now) {
    this.ports = {
      ...ports,
      after: (ms, run) => {
        const timer = { dueMs: now() + ms };
        this.#newest = timer;
        const cancel = ports.after(ms, run);
        if (this.#isReplaced) {
          this.#isReplaced = false;
          this.#retry = timer;
          onReplaced(timer.dueMs);
        }
        return () => {
          this.#isReplaced = this.#retry === timer;
          cancel();
        };
      },
    };
  }

  /** Call for each change of the state. @returns when the next attempt begins, in Unix time in ms; `null`: none is planned */
  changed(state: string): number | null {
    this.#isReplaced = false;
    this.#retry = state === "reconnecting" ? this.#newest : undefined;
    return this.#retry?.dueMs ?? null;
  }
}
