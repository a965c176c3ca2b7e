// How much one socket, one address and one channel may demand of a hub.

export interface Limits {
  /** Of one socket, on average; five seconds' worth at once. Pings and acks that pull the log do not count. */
  readonly messagesPerSecond: number;
  readonly socketsPerChannel: number;
  /** Of one client address in one channel. `Infinity`: addresses are neither counted nor kept. */
  readonly socketsPerAddress: number;
}

const BURST_S = 5;

/** A long message costs as much as several short ones of this size. */
const BYTES_PER_MESSAGE = 4 * 1024;

/** How many messages an emit counts as: it is a row and a commit of its own. */
export const EMIT_WEIGHT = 5;

/** How many messages a text counts as. */
export function weightOf(text: string): number {
  return 1 + Math.floor(text.length / BYTES_PER_MESSAGE);
}

/** A token bucket for each socket. Buckets live in memory: after a wake they are full. */
export class RateLimiter<S extends object> {
  readonly #perSecond: number;
  readonly #buckets = new WeakMap<S, { readonly left: number; readonly atMs: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @param count how many messages it counts as @returns whether they were within the limit */
  take(socket: S, nowMs: number, count = 1): boolean {
    const most = BURST_S * this.#perSecond;
    const { left, atMs: lastMs } = this.#buckets.get(socket) ?? { left: most, atMs: nowMs };
    const atMs = Math.min(lastMs, nowMs); // a clock that is set back takes nothing away
    const filled = Math.min(most, left + ((nowMs - atMs) / 1000) * this.#perSecond);
    if (filled < count) {
      this.#buckets.set(socket, { left, atMs });
      return false;
    }
    this.#buckets.set(socket, { left: filled - count, atMs: nowMs });
    return true;
  }

  /** Returns what was taken for a message that does not count. */
  refund(socket: S, count = 1): void {
    const bucket = this.#buckets.get(socket);
    if (bucket) this.#buckets.set(socket, { ...bucket, left: bucket.left + count });
  }
}
