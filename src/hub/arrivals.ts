// Sockets that were accepted and are not welcomed yet. What is sent in the turn of an upgrade costs some 9 kB a socket for
// good, whatever its size, and a turn later 2.5 (measured with 4,000): so welcomes go out together, in the next turn.
import type { Attaching } from "../core/conversation.ts";

export class Arrivals {
  readonly #attach: (socket: WebSocket, attaching: Attaching) => void;
  readonly #later: (act: () => void) => void;
  #waiting = new Map<WebSocket, Attaching>();

  /** @param later runs what it is given in the next turn, if `settle` is not called before */
  constructor(attach: (socket: WebSocket, attaching: Attaching) => void, later: (act: () => void) => void) {
    this.#attach = attach;
    this.#later = later;
  }

  add(socket: WebSocket, attaching: Attaching): void {
    if (this.#waiting.size === 0) this.#later(() => this.settle());
    this.#waiting.set(socket, attaching);
  }

  /** Attaches whoever waits. Each turn MUST begin with it: timers starve under load, and nobody may be missed. */
  settle(): void {
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [socket, attaching] of waiting) {
      if (socket.readyState === WebSocket.OPEN) this.#attach(socket, attaching);
    }
  }
}
