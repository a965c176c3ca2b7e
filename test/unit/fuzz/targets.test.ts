import { expect, it } from "vitest";
import { TARGETS, tryTarget } from "../../../tools/fuzz/run-targets.ts";

/** Per share of a target: a few thousand inputs in all. `npm run fuzz` has a hundred thousand, and the real hub. */
const INPUTS_PER_SHARE = 60;
const SEED = 7;

it.each(TARGETS)("survives malformed input: $name", async (target) => {
  const inputs = INPUTS_PER_SHARE * target.share;
  expect(await tryTarget(target, inputs, SEED)).toMatchObject({ inputs, failure: null });
});
