// That the list of mutants is still about this code: `npm run mutants` tries them, and takes minutes.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, test } from "vitest";
import { ProjectCopy } from "../../tools/mutants-copy.ts";
import { MUTANTS } from "../../tools/mutants-list.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const rules = new Set(Array.from(read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\* /gm), ([, rule]) => rule));

it.each(MUTANTS)("$name breaks $file in one place", ({ file, text, replacement }) => {
  expect(read(file).split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
});

it.each(MUTANTS)("$name names a rule and tests that there are", ({ rule, tests }) => {
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(rules).toContain(rule);
});

test("no two mutants have one name", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test("every mutant type-checks: one that does not is caught by accident", async () => {
  const copy = await ProjectCopy.make();
  try {
    await copy.compile();
    const wrong: string[] = [];
    for (const mutant of MUTANTS) {
      const errors = await copy.with(mutant, () => copy.typeErrors(mutant.file));
      if (errors !== "") wrong.push(`${mutant.name}: ${errors}`);
    }
    expect(wrong).toEqual([]);
  } finally {
    await copy.remove();
  }
}, 120_000);
