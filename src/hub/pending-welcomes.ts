// Sockets that were accepted and not welcomed yet. What is sent before the 101 has left is queued in a buffer that stays: 10 kB
// per socket for good, whatever its size (86 and 77 kB, bench memory). So a welcome is sent when the runtime gets to a
// timer, and not in the turn of another upgrade, which is as early.
import type { Attaching } from "../core/session/attaching.ts";

export interface PendingWelcomesPorts {
  /** Welcomes a socket. It MAY throw. */
  attach(socket: WebSocket, attaching: Attaching): void;
  /** Closes a socket that could not be welcomed. MUST NOT throw: others wait behind it, and the turn belongs to another request. */
  failed(socket: WebSocket, error: unknown): void;
  /** Runs `act` in the next turn, if `flush` is not called before. */
  later(act: () => void): void;
}

export class PendingWelcomes {
  readonly #ports: PendingWelcomesPorts;
  #waiting = new Map<WebSocket, Attaching>();

  constructor(ports: PendingWelcomesPorts) {
    this.#ports = ports;
  }

  add(socket: WebSocket, attaching: Attaching): void {
    if (this.#waiting.size === 0) this.#ports.later(() => this.flush());
    this.#waiting.set(socket, attaching);
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Welcomes all pending sockets. Each turn except an upgrade's MUST begin with it: timers starve under load, and no socket may miss an event. */
  flush(): void {
    if (this.#waiting.size === 0) return;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [socket, attaching] of waiting) {
      if (socket.readyState !== WebSocket.OPEN) continue;
      try {
        this.#ports.attach(socket, attaching);
      } catch (error) {
        this.#ports.failed(socket, error);
      }
    }
  }
}
