// What the pages of history take together. Each may be 4 MiB, and a hub has 128 MB for everything: many that are asked for at
// once are made smaller, and their readers continue from where they end.
import { READ_LIMITS } from "./read-back.ts";

/** What may be taken at once, beyond the smallest pages. */
export const HISTORY_BURST_BYTES = 16 * 1024 * 1024;

/** Sixteen of the largest pages: beyond that pages are smaller, and no reader is refused. */
const BYTES_PER_SECOND = 64 * 1024 * 1024;

/** The smallest page: the largest event fits. */
export const MIN_PAGE_BYTES = 256 * 1024;

export class HistoryBudget {
  #left = HISTORY_BURST_BYTES;
  #atMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs Unix time @returns how many bytes the next page may have */
  next(nowMs: number): number {
    const passedMs = Math.max(0, nowMs - this.#atMs); // a clock that is set back gives nothing
    this.#left = Math.min(HISTORY_BURST_BYTES, this.#left + (passedMs / 1_000) * BYTES_PER_SECOND);
    this.#atMs = nowMs;
    return Math.min(READ_LIMITS.bytes, Math.max(MIN_PAGE_BYTES, this.#left));
  }

  /** A page was made. */
  took(bytes: number): void {
    this.#left = Math.max(0, this.#left - bytes);
  }
}
