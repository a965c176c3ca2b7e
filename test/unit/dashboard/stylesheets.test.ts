import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../../src/dashboard");

/** The classes with which selectors begin. */
const leading = (css: string) => new Set([...css.matchAll(/^ *\.([\w-]+)[^{}]*[{,]$/gm)].map(([, name]) => name));

it("begins no two stylesheets' rules with one class: all of them are one file in the end", () => {
  const owners = new Map<string, string[]>();
  for (const file of globSync("**/*.css", { cwd: ROOT })) {
    for (const name of leading(readFileSync(join(ROOT, file), "utf8"))) {
      if (name !== undefined) owners.set(name, [...(owners.get(name) ?? []), file]);
    }
  }
  expect(owners.size).toBeGreaterThan(30);
  expect([...owners].filter(([, files]) => files.length > 1)).toEqual([]);
});
