import { expect, it } from "vitest";
import { reconnectAdvice } from "../../../src/core/session/reconnect-advice.ts";

it.each([
  [0, 500],
  [200, 500],
  [1_000, 2_500],
  [12_000, 30_000],
  [32_768, 30_000],
])("[F12] spreads the reconnects of %i connections over %i ms", (connections, first_ms) => {
  expect(reconnectAdvice(connections)).toEqual({ first_ms, base_ms: 500, max_ms: 20_000 });
});
