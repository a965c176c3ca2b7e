// A short run of `npm run attack`: attacks that once took the hub's memory cost hardly more than their controls.
import { expect, it } from "vitest";
import { ATTACKS } from "../../tools/attack/attack-list.ts";
import { runAttack } from "../../tools/attack/attack-run.ts";

it.each([
  ["[B11] [L9]", "types", 0.1],
  ["[S14]", "patterns", 0.1],
  ["[E8]", "bodies", 0.1],
])("%s attack %s costs no more than its bound", async (_rule, name, scale) => {
  const attack = ATTACKS.find((each) => each.name === name) ?? expect.fail();
  const { excess, allowed, attacked, control } = await runAttack(attack, scale);
  expect(excess / allowed).toBeLessThanOrEqual(1);
  expect(attacked.sent).toBeGreaterThanOrEqual(control.sent);
  expect(attacked.waits.length).toBeGreaterThan(0); // the hub served others beside it
});
