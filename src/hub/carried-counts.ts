// Counts that no row was written with yet. A write of their own would cost money, and memory goes after 10 quiet seconds: so they
// are kept where the state of sockets is, in the attachment of one of them, which costs nothing and outlives hibernation.
import type { Counts, StoredCounts } from "../core/counts/counts.ts";
import type { Subscriber } from "../core/fanout/subscriber.ts";
import { keepSubscriber } from "./sockets.ts";

interface Sockets {
  readonly sockets: Iterable<WebSocket>;
  subscriberOf(socket: WebSocket): Subscriber | undefined;
}

export class CarriedCounts {
  readonly #counts: Counts;
  readonly #sockets: () => Sockets;
  /** The socket that carries them, as long as it is there. */
  #carrier: WebSocket | undefined;

  /** @param sockets of a hub, which is asked in later turns */
  constructor(counts: Counts, sockets: () => Sockets) {
    this.#counts = counts;
    this.#sockets = sockets;
  }

  /** From here on each turn in which something was counted ends with keeping it. */
  begin(): void {
    this.#counts.onceChanged(() =>
      queueMicrotask(() => {
        this.#carry();
        this.begin();
      }),
    );
  }

  /** Keeps the state of a socket. */
  keep(socket: WebSocket, subscriber: Subscriber): void {
    const { deliveries, tallies } = this.#counts;
    const counts: StoredCounts | undefined = socket === this.#carrier ? { deliveries, tallies } : undefined;
    try {
      keepSubscriber(socket, subscriber, counts);
    } catch (error) {
      if (counts === undefined) throw error;
      keepSubscriber(socket, subscriber); // its patterns leave no room for more
    }
  }

  #carry(): void {
    const sockets = this.#sockets();
    let subscriber = this.#carrier && sockets.subscriberOf(this.#carrier);
    if (subscriber === undefined) {
      [this.#carrier] = sockets.sockets;
      subscriber = this.#carrier && sockets.subscriberOf(this.#carrier);
    }
    if (this.#carrier && subscriber) this.keep(this.#carrier, subscriber);
  }
}
