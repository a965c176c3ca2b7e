import { expect, it } from "vitest";
import { TARGETS, tryTarget } from "../../../tools/fuzz/run-targets.ts";

/** For each of a target's shares: a few thousand inputs together. `npm run fuzz` has a hundred thousand, and the real hub. */
const INPUTS_A_SHARE = 60;
const SEED = 7;

it.each(TARGETS)("stands what strangers send: $name", async (target) => {
  const inputs = INPUTS_A_SHARE * target.share;
  expect(await tryTarget(target, inputs, SEED)).toMatchObject({ inputs, failure: null });
});
