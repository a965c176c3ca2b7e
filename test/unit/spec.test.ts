import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

const rules = [...read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\* /gm)].map(([, rule]) => String(rule));
/** A test's name begins with the rules that it carries: a string that begins so is a name. */
const tags = globSync("test/**/*.test.{ts,tsx}", { cwd: root })
  .concat(globSync("test/contracts/*.ts", { cwd: root }))
  .flatMap((file) =>
    [...read(file).matchAll(/["'`]((?:\[[A-Z]\d+\] )+)/g)].flatMap(([, names]) =>
      [...String(names).matchAll(/[A-Z]\d+/g)].map(([rule]) => ({ rule, file })),
    ),
  );

it("numbers each rule once", () => {
  expect(rules.length).toBeGreaterThan(30);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

it("carries every rule by a test", () => {
  const carried = new Set(tags.map(({ rule }) => rule));
  expect(rules.filter((rule) => !carried.has(rule))).toEqual([]);
});

it("names no rule that SPEC.md does not have", () => {
  expect(tags.filter(({ rule }) => !rules.includes(rule))).toEqual([]);
});
