// How long to wait before coming back: full jitter, so that those who were cut off together do not return together. Never
// within less than the hub's own window: whoever fails in the first rush must not be back before the rush is over.
import type { Retry } from "../../wire/server-frame.ts";

/** Until a welcome says better. */
export const DEFAULT_RETRY: Retry = { first_ms: 1_000, base_ms: 500, max_ms: 20_000 };

/**
 * @param attempt how many came before this one, in vain; 0 after a connection that had stood
 * @param random from 0 to 1
 * @returns milliseconds
 */
export function backoff(retry: Retry, attempt: number, random: number): number {
  const grown = attempt === 0 ? 0 : Math.min(retry.max_ms, retry.base_ms * 2 ** attempt);
  return Math.round(Math.max(retry.first_ms, grown) * random);
}
