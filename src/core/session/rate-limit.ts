// How much one socket, one address and one channel may ask of a hub: everything that a stranger can make it keep is bounded.

export interface Limits {
  /** Of one socket, in the long run; five seconds' worth at once. Pings and what pulls the log do not count. */
  readonly messagesPerSecond: number;
  readonly socketsPerChannel: number;
  /** Of one client address in one channel. `Infinity`: addresses are neither counted nor kept. */
  readonly socketsPerAddress: number;
}

const BURST_S = 5;

/** A message costs as much to read, and often to answer, as several small ones of so much together. */
const BYTES_PER_MESSAGE = 4 * 1024;

/** How many messages an emit counts as: it is a row, and a commit of its own, for which everybody waits. */
export const EMIT_WEIGHT = 5;

/** How many messages a text counts as. */
export function weightOf(text: string): number {
  return 1 + Math.floor(text.length / BYTES_PER_MESSAGE);
}

/** A bucket of messages for each socket. It may be forgotten: then it is full again. */
export class RateLimiter<S extends object> {
  readonly #perSecond: number;
  readonly #buckets = new WeakMap<S, { readonly left: number; readonly atMs: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @param count how many messages it counts as @returns whether there were as many to take */
  take(socket: S, nowMs: number, count = 1): boolean {
    const most = BURST_S * this.#perSecond;
    const { left, atMs } = this.#buckets.get(socket) ?? { left: most, atMs: nowMs };
    const filled = Math.min(most, left + ((nowMs - atMs) / 1000) * this.#perSecond);
    if (filled < count) return false;
    this.#buckets.set(socket, { left: filled - count, atMs: nowMs });
    return true;
  }

  /** What was taken for a message that turned out to be its duty. */
  refund(socket: S, count = 1): void {
    const bucket = this.#buckets.get(socket);
    if (bucket) this.#buckets.set(socket, { ...bucket, left: bucket.left + count });
  }
}
