// Every ts and tsx block of README.md compiles against the package's own exports, as a user would paste it.
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type CodeBlock, readmeBlock, readmeBlocks } from "../../tools/package/readme-blocks.ts";
import { busAlone, settle } from "../support/bus-alone.ts";
import { compileAsUser } from "../support/compile-as-user.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, ".cache/readme");

/** A block that begins with the name of a file of `src/` is compiled as that file. */
const fileIn = (code: string) => /^\/\/ src\/(\S+)\n/.exec(code)?.[1];
const isOfWorker = (code: string) => fileIn(code) !== undefined || code.includes("pulse-reactor/worker");

/** @returns what the compiler says, nothing if all is well */
const compile = (name: string, { language, code }: CodeBlock) =>
  compileAsUser({
    folder: join(FOLDER, name),
    isWorker: isOfWorker(code),
    files: { [fileIn(code) ?? `block.${language}`]: code },
  });

beforeAll(() => rm(FOLDER, { recursive: true, force: true }));
afterAll(() => {
  vi.unstubAllGlobals();
});

const blocks = readmeBlocks().filter(({ language }) => /^tsx?$/.test(language));

it.each(blocks.map((block, index) => [index + 1, block] as const))(
  "README's TypeScript block %i compiles",
  async (number, block) => {
    expect(await compile(`block-${number}`, block)).toBe("");
  },
  60_000,
);

it("finds a block that does not compile", async () => {
  const { code, language } = readmeBlock("import type { ReactorApi }");
  const broken = code.replace("if (!emitted.ok)", "if (emitted.ok)");
  expect(await compile("broken", { language, code: broken })).toContain("TS2339");
}, 60_000);

it("README's listener posts what it receives and emits what it states", async () => {
  const posted: unknown[] = [];
  vi.stubGlobal("fetch", async (url: string, { body }: { body: string }) => posted.push([url, JSON.parse(body)]));
  const { code } = readmeBlock("// src/hub/listeners.ts");
  const file = join(FOLDER, "listeners.ts");
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, code);
  const { addListeners } = await import(file);
  const { bus, shown } = busAlone();
  addListeners(bus);
  bus.emitSync("digest_created", { title: "Hello" });
  await settle();
  expect(posted).toEqual([["https://example.org/hooks/digest", { title: "Hello" }]]);
  expect(shown).toEqual(["digest_created", "digest_published"]);
});

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

it("README's figures of speed stand in bench/README.md", () => {
  const rows = read("README.md")
    .split("\n")
    .filter((line) => /^\|.*`(fanout-\d+|replay)`/.test(line));
  const figures = rows.flatMap((row) =>
    row
      .split("|")
      .slice(3, 5)
      .map((cell) => cell.trim().replace(/ ms$/, "")),
  );
  expect(figures.length).toBeGreaterThan(5);
  const bench = read("bench/README.md");
  expect(figures.filter((figure) => !bench.includes(figure))).toEqual([]);
});

it("README's sizes are the limits that `npm run check` holds", () => {
  const { "size-limit": limits } = JSON.parse(read("package.json"));
  const said = [
    ...read("README.md").matchAll(
      /`connect` ([\d.]+ kB).* ([\d.]+ kB), the React binding ([\d.]+ kB)\s+more, the legacy script ([\d.]+ kB)/g,
    ),
  ];
  const ofPages = [
    "connect of the client",
    "connect and the functions beside it",
    "React binding, without the client",
    "legacy script",
  ];
  const held = ofPages.map((name) => limits.find((limit: { name: string }) => limit.name === name)?.limit);
  expect(said.map(([, ...sizes]) => sizes)).toEqual([held]);
});

it("README's table of variables has each that an operator may set", () => {
  const declared = [...read("src/env.d.ts").matchAll(/readonly ([A-Z_]+)\?: string/g)].map(([, name]) => String(name));
  const table = read("README.md")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const named = table.flatMap((line) =>
    [...String(line.split("|")[1]).matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  );
  expect(named.toSorted()).toEqual(declared.toSorted());
});

const OF_BEFORE = "docs/adr/renumbering.md"; // what it lists first is gone
const PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...globSync("docs/{*,adr/*}.md", { cwd: ROOT })].filter(
  (page) => page !== OF_BEFORE,
);

/** Links, and the files and folders that are named in backticks with their room, such as `src/wire/range.ts`. */
function pathsIn(page: string): string[] {
  const text = read(page);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => join(dirname(page), String(link)));
  const named = [...text.matchAll(/`((?:src|test|tools|bench|docs|\.ci)\/[\w./-]+)`/g)].map(([, path]) => String(path));
  return [...links, ...named];
}

it.each(PAGES)("%s names only files that are there", (page) => {
  expect(pathsIn(page).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

it("docs/architecture.md names only existing files, also without their folder", () => {
  const files = new Set(globSync("{src,bench}/**/*.{ts,tsx}", { cwd: ROOT }).map((file) => basename(file)));
  const named = [...read("docs/architecture.md").matchAll(/[\s`]([a-z-]+\.tsx?)\b/g)].map(([, name]) => String(name));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !files.has(name))).toEqual([]);
});
