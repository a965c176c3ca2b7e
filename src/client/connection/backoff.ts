// The delay before a reconnect: exponential backoff with full jitter, so that clients that lost their connections together
// do not reconnect together. The window is never shorter than the hub's `first_ms`, which spreads the first rush.
import type { Retry } from "../../wire/server-frame.ts";

/** Until the first welcome. */
export const DEFAULT_RETRY: Retry = { first_ms: 1_000, base_ms: 500, max_ms: 20_000 };

/**
 * @param attempt failed attempts before this one; 0 after a stable connection
 * @param random from 0 to 1
 * @returns delay in ms
 */
export function backoff(retry: Retry, attempt: number, random: number): number {
  const grown = attempt === 0 ? 0 : Math.min(retry.max_ms, retry.base_ms * 2 ** attempt);
  return Math.round(Math.max(retry.first_ms, grown) * random);
}

/** How long an attempt may take to open, after so many failed ones. */
export function openLimitMs(failures: number): number {
  return Math.min(MAX_OPEN_MS, OPEN_MS * (1 + failures));
}

/** Firefox gives an attempt up 20 s after it has begun. */
const OPEN_MS = 30_000;

/** Firefox opens one socket at a time per address, and holds the next back for up to a minute. Giving it up loses its place. */
const MAX_OPEN_MS = 90_000;
