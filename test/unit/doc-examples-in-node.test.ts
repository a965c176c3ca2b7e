// The `@example`s that need neither a page nor a hub do what they say: those of `pulse-reactor/testing`, and of `pulse-reactor/wire`
// those that open no socket. test/e2e/doc-examples.test.ts runs the others.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, it } from "vitest";
import { ENTRIES } from "../../tools/package/entries.ts";
import { examplesAt, patternOf, promisedBy, withPrint } from "../support/doc-examples.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".cache/examples-in-node");

const examples = examplesAt("node");

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
});

it.each(examples.map((example, index) => ({ ...example, index })))(
  "the example of $name does what it says",
  async (example) => {
    const { outputFiles } = await build({
      stdin: { contents: withPrint(example.code), loader: "ts", resolveDir: ROOT },
      bundle: true,
      format: "esm",
      target: "es2022",
      alias: Object.fromEntries(ENTRIES.map(({ name, source }) => [name, source])),
      write: false,
    });
    const file = join(FOLDER, `${example.index}.mjs`);
    await writeFile(file, String(outputFiles[0]?.text));
    const printed: Record<number, string[]> = {};
    const print = (line: number, ...values: unknown[]) => {
      const texts = values.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
      printed[line] = [...(printed[line] ?? []), texts.join(" ")];
    };
    Object.assign(globalThis, { print });
    await import(file);
    const promised = Object.entries(promisedBy(example)).map(([line, texts]) => [
      line,
      texts.map((text) => expect.stringMatching(patternOf(text))),
    ]);
    expect(printed).toEqual(Object.fromEntries(promised));
  },
);
