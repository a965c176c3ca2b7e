// What waits on all sockets together: a hub has 128 MB for everything, and what a peer does not read stays in it.
import { MAX_FLUSH_BYTES, MAX_WAITING_BYTES } from "../../wire/limits.ts";
import type { SendBuffer } from "./send-buffer.ts";
import type { Socket } from "./socket.ts";
import type { SubscriberGroups } from "./subscriber-groups.ts";

/** Who leaves more than that of what waited is stuck: a peer that takes a byte now and then would hold everybody. */
const STUCK_SHARE = 0.9;

export class MemoryBudget<S extends Socket> {
  readonly #sendBuffer: SendBuffer<S>;
  /** Closed by the hub, and not answered yet: what waited there still does. */
  readonly #closing = new Set<S>();
  /** No more than this waits: what did when that was last counted, and what was sent since. */
  #atMost = 0;
  /** What waited on each live socket when the hub was last found full. */
  #before = new Map<S, number>();

  constructor(sendBuffer: SendBuffer<S>) {
    this.#sendBuffer = sendBuffer;
  }

  sent(bytes: number): void {
    this.#atMost += bytes;
  }

  closing(socket: S): void {
    if (this.#sendBuffer.on(socket) > 0) this.#closing.add(socket);
  }

  gone(socket: S): void {
    this.#closing.delete(socket);
  }

  /** The live readers from whom next to nothing was taken between the last two times that the hub was found full, the fullest first. */
  stuck: readonly S[] = [];

  /**
   * Whether another flush would put more than 32 MiB on the sockets. It then waits for those who are live to take what
   * is theirs: not for those who catch up or close, who may never, and beside whom the live have a flush of their own.
   */
  isFull(subscriberGroups: SubscriberGroups<S>): boolean {
    this.stuck = [];
    if (this.#atMost + MAX_FLUSH_BYTES <= MAX_WAITING_BYTES) return false;
    const live = this.#count(subscriberGroups);
    let onLive = 0;
    for (const bytes of live.values()) onLive += bytes;
    const onOthers = this.#atMost - onLive;
    const before = this.#before;
    const isFull = onLive > Math.max(MAX_WAITING_BYTES - MAX_FLUSH_BYTES - onOthers, MAX_FLUSH_BYTES);
    this.#before = isFull ? live : new Map();
    if (!isFull) return false;
    const stuck = [...live].filter(
      ([socket, bytes]) => bytes > STUCK_SHARE * (before.get(socket) ?? Number.POSITIVE_INFINITY),
    );
    this.stuck = stuck.sort(([, a], [, b]) => b - a).map(([socket]) => socket);
    return true;
  }

  /** Whether more than 32 MiB wait: then nobody is answered on whose socket something does. */
  isOver(subscriberGroups: SubscriberGroups<S>): boolean {
    if (this.#atMost <= MAX_WAITING_BYTES) return false;
    this.#count(subscriberGroups);
    return this.#atMost > MAX_WAITING_BYTES;
  }

  /** @returns what waits on each live socket on which something does */
  #count(subscriberGroups: SubscriberGroups<S>): Map<S, number> {
    const live = new Map<S, number>();
    this.#atMost = 0;
    for (const socket of subscriberGroups.sockets) {
      const bytes = this.#sendBuffer.on(socket);
      if (bytes > 0 && subscriberGroups.groupOf(socket)) live.set(socket, bytes);
      this.#atMost += bytes;
    }
    for (const socket of this.#closing) {
      const bytes = this.#sendBuffer.on(socket);
      if (bytes === 0) this.#closing.delete(socket); // it is not always said when a peer is gone
      this.#atMost += bytes;
    }
    return live;
  }
}
