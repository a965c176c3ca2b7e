import { globSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { RUSSIAN } from "../../../../src/dashboard/russian.ts";

const ROOT = join(import.meta.dirname, "../../../../src/dashboard");

interface Table {
  readonly name: string;
  readonly en: unknown;
}

const isTable = (value: unknown): value is Table => typeof value === "object" && value !== null && "en" in value;

it("[D17] has every word of the page in Russian", async () => {
  const files = globSync("*/*-{words,keys}.ts", { cwd: ROOT });
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(join(ROOT, file))));
  const tables = modules.flatMap((module) => Object.values(module).filter(isTable));
  expect(tables.length).toBeGreaterThan(8);
  expect(tables.map(({ name }) => name).sort()).toEqual(Object.keys(RUSSIAN).sort());
  for (const { name, en } of tables) expect(shapeOf(RUSSIAN[name]), name).toMatchObject(shapeOf(en) as object);
});

/** Names and kinds, without the words. */
function shapeOf(words: unknown): unknown {
  if (typeof words !== "object" || words === null) return typeof words;
  return Object.fromEntries(Object.entries(words).map(([key, value]) => [key, shapeOf(value)]));
}
