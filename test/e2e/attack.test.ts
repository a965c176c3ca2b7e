// A short run of `npm run attack`, of such a size that each of these would be over without its bound (tried on builds without it).
import { expect, it } from "vitest";
import { ATTACKS } from "../../tools/attack/attack-list.ts";
import { runAttack } from "../../tools/attack/attack-run.ts";

/** An attack that is over is tried again, twice at most: on a machine that others use that takes minutes. */
const LONG_MS = 240_000;

it.each([
  ["[B11] [L9]", "types", 0.1, false],
  ["[S14]", "patterns", 0.5, true],
  ["[E8]", "bodies", 1, true],
])("%s attack %s costs no more than its bound", { timeout: LONG_MS }, async (_rule, name, scale, isRefused) => {
  const attack = ATTACKS.find((each) => each.name === name) ?? expect.fail();
  const { excess, allowed, attacked, control } = await runAttack(attack, scale);
  expect(excess / allowed).toBeLessThanOrEqual(1);
  expect(attacked.hasDied).toBe(false);
  expect([control.refused > 0, attacked.refused > 0]).toEqual([false, isRefused]); // it reached the bound
  expect(attacked.waits.length).toBeGreaterThan(0); // the hub served others beside it
});
