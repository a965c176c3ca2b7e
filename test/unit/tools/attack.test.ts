import { expect, it } from "vitest";
import { ATTACKS } from "../../../tools/attack/attack-list.ts";
import { judge } from "../../../tools/attack/attack-run.ts";
import type { Reading } from "../../../tools/attack/attack-target.ts";

const [attack = expect.fail()] = ATTACKS.filter(({ measure }) => measure === "held");
const reading = (held: number): Reading => ({
  before: 0,
  peak: 9e9,
  heldBefore: 100,
  held,
  sent: 1,
  waits: [1],
  refused: 0,
  hasDied: false,
});

it("names each attack once", () => {
  const names = ATTACKS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

it("judges how much more an attack took than its control", () => {
  const most = attack.bound + 2 * 2 ** 20;
  expect(judge(attack, reading(1_100), reading(1_100 + most))).toMatchObject({ excess: most, isWithin: true });
  expect(judge(attack, reading(1_100), reading(1_101 + most))).toMatchObject({ excess: most + 1, isWithin: false });
  expect(judge(attack, reading(1_100), { ...reading(1_100), hasDied: true })).toMatchObject({ isWithin: false });
});
