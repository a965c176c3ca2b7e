// Who waits for pages of the log. What all of them are sent in one turn is bounded; the rest wait in a queue, one round after the
// other, and between two turns comes whatever else has arrived: events that are emitted, and flushed to the live ones.

/**
 * What the pages of a turn may cost, in bytes: eight full ones, some 2 ms. A lone reader needs as many to be as fast as without
 * a bound. Two hundred that acknowledge in turns of their own kept a live event waiting for 0.9 s (bench `fair`).
 */
const TURN_COST = 256_000;

/** What one subscriber may have before the next one has its turn. */
export const SHARE_COST = 64_000;

/** When to try again where the log could not be read, in ms. */
const RETRY_MS = 50;

export interface PagePorts<S> {
  /**
   * Sends pages to a subscriber that waits for some, of `SHARE_COST` or a little more.
   *
   * @returns what they cost, and whether it can be sent more at once
   */
  serve(socket: S): Served;
  /** Is called at the beginning of each turn that begins here: sockets that may be sent nothing more MUST be closed then. */
  beforeSending(): void;
  /** Runs `act` after `ms`, in a turn of its own; memory MUST outlive the wait. */
  later(ms: number, act: () => void): void;
  report(what: string, error: unknown): void;
}

export interface Served {
  readonly cost: number;
  readonly isHungry: boolean;
}

export class PageQueue<S> {
  readonly #ports: PagePorts<S>;
  /** Whose turn it is next, first. */
  readonly #waiting = new Set<S>();
  /** What is left for this turn: until the queue was too long for it, turns are not told apart. */
  #left = TURN_COST;
  #isTurnDue = false;

  constructor(ports: PagePorts<S>) {
    this.#ports = ports;
  }

  /** A subscriber can be sent pages: it is in this turn, or waits for another. */
  ask(socket: S): void {
    this.#waiting.add(socket);
    if (this.#isTurnDue) return;
    try {
      this.#serve();
    } catch (error) {
      this.#waiting.delete(socket); // no other subscriber was waiting
      throw error;
    }
  }

  /** The same, and it is not in this turn. */
  wait(socket: S): void {
    this.#waiting.add(socket);
    if (!this.#isTurnDue) this.#rest(0);
  }

  forget(socket: S): void {
    this.#waiting.delete(socket);
  }

  #serve(): void {
    for (const socket of this.#waiting) {
      if (this.#left <= 0) break;
      const { cost, isHungry } = this.#ports.serve(socket);
      this.#left -= cost;
      this.#waiting.delete(socket);
      if (isHungry) this.#waiting.add(socket); // behind all others, where this loop comes again
    }
    if (this.#waiting.size > 0) this.#rest(0);
  }

  #rest(ms: number): void {
    this.#isTurnDue = true;
    this.#ports.later(ms, () => {
      this.#isTurnDue = false;
      this.#left = TURN_COST;
      try {
        this.#ports.beforeSending();
        this.#serve();
      } catch (error) {
        this.#ports.report("A replay", error);
        this.#putLast();
        if (this.#waiting.size > 0) this.#rest(RETRY_MS);
      }
    });
  }

  /** One that cannot be served must not keep the others waiting. */
  #putLast(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    this.#waiting.delete(first);
    this.#waiting.add(first);
  }
}
