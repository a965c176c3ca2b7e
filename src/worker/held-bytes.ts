// What this isolate holds for requests at once. Each holds a bounded part, and an isolate has 128 MB for all of them.

/** The platform may end a request without a word, so what it held is forgotten after so long. */
const FORGOTTEN_MS = 60_000;

interface Held {
  bytes: number;
  readonly sinceMs: number;
}

export class HeldBytes {
  readonly #max: number;
  /** The oldest first. */
  readonly #held = new Map<Request, Held>();
  #total = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  /** @param nowMs Unix time @returns how many more bytes may be held; below 0: more than may be are */
  room(nowMs: number): number {
    for (const [request, { sinceMs }] of this.#held) {
      if (Math.abs(nowMs - sinceMs) < FORGOTTEN_MS) break;
      this.release(request);
    }
    return this.#max - this.#total;
  }

  /** Counts `bytes` more for a request, or less if they are below 0, whether there is room or not. It MUST be released. */
  hold(request: Request, bytes: number, nowMs: number): void {
    const held = this.#held.get(request) ?? { bytes: 0, sinceMs: nowMs };
    held.bytes += bytes;
    this.#total += bytes;
    this.#held.set(request, held);
  }

  release(request: Request): void {
    this.#total -= this.#held.get(request)?.bytes ?? 0;
    this.#held.delete(request);
  }
}
