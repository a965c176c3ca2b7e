import { expect, it } from "vitest";
import { InterestIndex } from "../../../src/core/access/interest-index.ts";
import type { Interest } from "../../../src/core/access/match.ts";
import { includes } from "../../../src/core/access/rights.ts";
import type { Patterns } from "../../../src/wire/pattern.ts";
import { seeded } from "../../support/manual-ports.ts";

const search = (index: InterestIndex<Interest>, type: string) => {
  const found = new Set<Interest>();
  const cost = [...index.search(type, found)].reduce((sum, each) => sum + each, 0);
  return { found, cost };
};

it("[S3] finds exactly those that hear a type, while others come and go", () => {
  const random = seeded(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const text = (letters: string, longest: number) =>
    Array.from({ length: Math.floor(random() * longest) }, () => pick([...letters])).join("");
  const patterns = (): Patterns =>
    random() < 0.2
      ? null
      : Array.from({ length: Math.floor(random() * 4) }, () => `${text("ab*", 5)}${pick(["a", "*", ""])}`);
  const index = new InterestIndex<Interest>();
  const there = new Set<Interest>();
  let heard = 0;
  for (let step = 0; step < 2_000; step++) {
    const interest = { asked: patterns(), allowed: patterns() };
    index.add(interest);
    there.add(interest);
    if (there.size > 20) {
      const gone = pick([...there]);
      index.remove(gone);
      there.delete(gone);
    }
    const type = text("ab", 6);
    const expected = [...there].filter(({ asked, allowed }) => includes(asked, type) && includes(allowed, type));
    const { found } = search(index, type);
    expect([found.size, expected.every((each) => found.has(each))], `${step}: ${type}`).toEqual([
      expected.length,
      true,
    ]);
    heard += expected.length;
  }
  expect(heard).toBeGreaterThan(1_000);
});

it("[F13] looks types up by whole patterns, by their beginnings and by their ends, and tries the rest alone", () => {
  const index = new InterestIndex<Interest>();
  for (let n = 0; n < 1_000; n++) {
    index.add({ asked: [`user_${n}`, `room_${n}_*`], allowed: null });
    index.add({ asked: null, allowed: [`*.${n}`] });
    index.add({ asked: ["*"], allowed: [`team_${n}`] }); // what it is allowed narrows it more
  }
  for (const type of ["user_17", "room_17_said", "a.17", "team_17"]) {
    const { found, cost } = search(index, type);
    expect(found.size, type).toBe(1);
    expect(cost, type).toBeLessThan(10);
  }
  index.add({ asked: ["*a*"], allowed: null });
  expect(index.free).toBe(1);
});
