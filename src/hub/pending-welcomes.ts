// Sockets that were accepted and are not welcomed yet. What is sent before the 101 is through waits in a buffer that stays:
// 10 kB a socket for good, whatever its size (86 and 77 kB, bench memory). So a welcome leaves when the runtime comes to a
// timer: not in the turn of another's upgrade, which is as early.
import type { Attaching } from "../core/session/attaching.ts";

export interface PendingWelcomesPorts {
  /** Welcomes a socket. It MAY throw. */
  attach(socket: WebSocket, attaching: Attaching): void;
  /** Ends a socket that could not be welcomed. MUST not throw: others wait behind it, and the turn is another's. */
  failed(socket: WebSocket, error: unknown): void;
  /** Runs `act` in the next turn, if `settle` is not called before. */
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

  /** Attaches whoever waits. Each turn but an upgrade's MUST begin with it: timers starve under load, and nobody may be missed. */
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
