// Checks that the list of mutants is up to date; `npm run mutants` tries them, and takes minutes.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, test } from "vitest";
import { MUTANTS, type Mutant } from "../../../tools/mutants/mutants-list.ts";
import { typeErrors } from "../../../tools/mutants/mutants-types.ts";

const root = join(import.meta.dirname, "../../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const rules = new Set(Array.from(read("SPEC.md").matchAll(/^- \*\*([A-Z]\d+)\*\* /gm), ([, rule]) => rule));

it.each(MUTANTS)("$name breaks $file in one place", ({ file, text, replacement }) => {
  expect(read(file).split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
});

it.each(MUTANTS)("$name names an existing rule and existing tests", ({ rule, tests }) => {
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(rules).toContain(rule);
});

test("no two mutants have the same name", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test("every mutant type-checks: one that does not is caught by accident", async () => {
  expect(await typeErrors(MUTANTS)).toBe("");
}, 60_000);

test.each([
  ["a missing property", "known.nowhere();", "Property 'nowhere' does not exist on type"],
  ["a value of another type", "found = 5;", "Type 'number' is not assignable to type 'boolean'"],
])("a mutant with %s is an error of the list", async (_, replacement, error) => {
  expect(await typeErrors([broken(replacement)])).toContain(error);
});

test("a mutant may leave names unused", async () => {
  expect(await typeErrors([broken("")])).toBe("");
});

/** A mutant of `auth/keys`. */
function broken(replacement: string): Mutant {
  const text = "found ||= same;";
  return { name: "wrong", rule: "T2", breaks: "", file: "src/auth/keys.ts", text, replacement, tests: ["test"] };
}
