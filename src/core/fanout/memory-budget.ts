// The total of all send buffers: a hub has 128 MB for everything, and what a peer does not read stays in it.
import { MAX_FLUSH_BYTES, MAX_WAITING_BYTES } from "../../wire/limits.ts";
import type { SendBuffer } from "./send-buffer.ts";
import type { Socket } from "./socket.ts";
import type { SubscriberGroups } from "./subscriber-groups.ts";

/** A socket that keeps more than this share of its buffer is stuck: one that drains a byte now and then would hold up all others. */
const STUCK_SHARE = 0.9;

/** `stuck`: the live sockets that drained less than a tenth between the last two checks that found it full, the fullest first. */
export type BudgetCheck<S> = { readonly isFull: false } | { readonly isFull: true; readonly stuck: readonly S[] };

export class MemoryBudget<S extends Socket> {
  readonly #sendBuffer: SendBuffer<S>;
  /** Closed by the hub, and not answered yet: their buffers stay. */
  readonly #closing = new Set<S>();
  /** An upper bound of all buffers: their sum when last counted, and what was sent since. */
  #atMost = 0;
  /** The buffer of each live socket when the budget was last found exhausted. */
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

  /**
   * Whether another flush would put more than 32 MiB on the sockets. It then waits for the live ones to drain: not for those
   * that catch up or close, which may never, and beside which the live ones have a flush of their own.
   */
  check(groups: SubscriberGroups<S>): BudgetCheck<S> {
    if (this.#atMost + MAX_FLUSH_BYTES <= MAX_WAITING_BYTES) return { isFull: false };
    const live = this.#count(groups);
    let onLive = 0;
    for (const bytes of live.values()) onLive += bytes;
    const onOthers = this.#atMost - onLive;
    const isFull = onLive > Math.max(MAX_WAITING_BYTES - MAX_FLUSH_BYTES - onOthers, MAX_FLUSH_BYTES);
    const before = this.#before;
    this.#before = isFull ? live : new Map();
    if (!isFull) return { isFull: false };
    const stuck = [...live].filter(
      ([socket, bytes]) => bytes > STUCK_SHARE * (before.get(socket) ?? Number.POSITIVE_INFINITY),
    );
    return { isFull: true, stuck: stuck.sort(([, a], [, b]) => b - a).map(([socket]) => socket) };
  }

  /** Whether more than 32 MiB are buffered: then no socket is answered on which something is. */
  isOver(groups: SubscriberGroups<S>): boolean {
    if (this.#atMost <= MAX_WAITING_BYTES) return false;
    this.#count(groups);
    return this.#atMost > MAX_WAITING_BYTES;
  }

  /** @returns the buffer of each live socket that has one */
  #count(groups: SubscriberGroups<S>): Map<S, number> {
    const live = new Map<S, number>();
    this.#atMost = 0;
    for (const socket of groups.sockets) {
      const bytes = this.#sendBuffer.on(socket);
      if (bytes > 0 && groups.groupOf(socket)) live.set(socket, bytes);
      this.#atMost += bytes;
    }
    for (const socket of this.#closing) {
      const bytes = this.#sendBuffer.on(socket);
      if (bytes === 0) this.#closing.delete(socket); // not every end of a peer is reported
      this.#atMost += bytes;
    }
    return live;
  }
}
