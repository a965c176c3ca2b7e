import { expect, it } from "vitest";
import { backoff, DEFAULT_RETRY } from "../../../src/client/connection/backoff.ts";

const retry = { first_ms: 3_000, base_ms: 500, max_ms: 20_000 };

it.each([
  [0, 3_000],
  [1, 3_000],
  [2, 3_000],
  [3, 4_000],
  [4, 8_000],
  [5, 16_000],
  [6, 20_000],
  [7, 20_000],
  [5_000, 20_000],
])("[K4] after %i failed attempts waits a random part of %i ms", (attempt, windowMs) => {
  expect(backoff(retry, attempt, 0)).toBe(0);
  expect(backoff(retry, attempt, 0.25)).toBe(windowMs / 4);
  expect(backoff(retry, attempt, 1)).toBe(windowMs);
});

it("[K4] waits whole milliseconds", () => {
  expect(backoff(retry, 3, 1 / 3)).toBe(1_333);
});

it("[K4] spreads clients without advice from a hub over a second", () => {
  expect(backoff(DEFAULT_RETRY, 0, 1)).toBe(1_000);
});
