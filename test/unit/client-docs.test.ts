// Every ts block of docs/client.md compiles as a user would paste it, and names what the package exports.
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { ENTRIES } from "../../tools/package/entries.ts";
import { publicExports } from "../../tools/package/public-exports.ts";
import { compileAsUser } from "../support/compile-as-user.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".cache/client-docs");
const text = readFileSync(join(ROOT, "docs/client.md"), "utf8");
const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);

beforeAll(() => rm(FOLDER, { recursive: true, force: true }));

it.each(blocks.map((code, index) => [index + 1, code] as const))(
  "block %i of docs/client.md compiles",
  async (number, code) => {
    const project = { folder: join(FOLDER, `block-${number}`), isWorker: false, files: { "block.ts": code } };
    expect(await compileAsUser(project)).toBe("");
  },
  60_000,
);

it("names no function that the package does not export, and each that a bundler may leave out", () => {
  const exported = ENTRIES.flatMap(({ source }) => publicExports(source).map(({ name }) => name));
  const called = [...text.matchAll(/`(\w+)(?:<\w+>)?\(/g)].map(([, name = ""]) => name);
  expect(called.filter((name) => !exported.includes(name) && name !== "close")).toEqual([]);
  for (const name of ["events", "replay", "keepCursor", "withSchemas", "share", "debug"])
    expect(called).toContain(name);
});
