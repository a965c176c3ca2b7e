// How long to wait before coming back: full jitter, so that those who were cut off together do not return together.
import type { Retry } from "../wire/server-frame.ts";

/** Until a welcome says better. */
export const DEFAULT_RETRY: Retry = { first_ms: 1_000, base_ms: 500, max_ms: 20_000 };

/**
 * @param attempt how many came before this one, in vain; 0 after a connection that had stood
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function backoff(retry: Retry, attempt: number, random: number): number {
  const window = attempt === 0 ? retry.first_ms : Math.min(retry.max_ms, retry.base_ms * 2 ** attempt);
  return Math.round(window * random);
}
