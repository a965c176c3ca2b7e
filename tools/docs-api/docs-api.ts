// `npm run docs:api`: writes docs/api, the reference of what the package exports, from its declarations. With `--check` it only says
// whether docs/api is that of the declarations as they are now, for which nothing has to be installed.
import { createHash } from "node:crypto";
import { existsSync, globSync } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ENTRIES, type Entry } from "../package/entries.ts";
import { npm } from "../package/npm.ts";
import { ROOT, runProgram } from "../program.ts";

const HOME = import.meta.dirname;
const PAGES = join(ROOT, "docs/api");
/** What docs/api was made from, as hashes. */
const MADE_FROM = join(PAGES, "made-from.json");
/** The declarations as typedoc reads them, each a module with the entry's name. */
const SOURCES = join(ROOT, ".cache/docs-api");

const stem = ({ name }: Entry) => name.replace(/^.*\//, "");

/** Written by typedoc 0.28 with its markdown plugin: https://typedoc-plugin-markdown.org/docs/options */
const OPTIONS = {
  entryPoints: ENTRIES.map((entry) => join(SOURCES, `${stem(entry)}.d.ts`)),
  tsconfig: join(SOURCES, "tsconfig.json"),
  plugin: [join(HOME, "node_modules/typedoc-plugin-markdown/dist/index.js")],
  out: PAGES,
  name: "pulse-reactor",
  readme: "none",
  outputFileStrategy: "modules",
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  formatWithPrettier: false,
  sort: ["alphabetical"],
  // Types that an export is made of, and which are not exported themselves, are shown where they are used.
  validation: { notExported: false },
  treatWarningsAsErrors: true,
  logLevel: "Warn",
};

const COMPILER_OPTIONS = {
  target: "es2024",
  lib: ["es2024", "dom", "dom.iterable"],
  module: "esnext",
  moduleResolution: "bundler",
  strict: true,
  skipLibCheck: true,
  types: ["react", "@cloudflare/workers-types"],
  typeRoots: [join(ROOT, "node_modules/@types"), join(ROOT, "node_modules")],
  paths: {
    ...Object.fromEntries(ENTRIES.map((entry) => [entry.name, [join(SOURCES, `${stem(entry)}.d.ts`)]])),
    react: [join(ROOT, "node_modules/@types/react")],
  },
};

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(`${file}\n`).update(await readFile(join(ROOT, file)));
  return hash.digest("hex");
}

async function madeFromNow() {
  return {
    declarations: await hashOf(ENTRIES.map(({ types }) => types)),
    versions: await hashOf(["tools/docs-api/package-lock.json"]),
    pages: await hashOf(globSync("docs/api/**/*.md", { cwd: ROOT })),
  };
}

/** @returns what is stale; nothing if all is fresh */
async function staleParts(): Promise<string[]> {
  if (!existsSync(MADE_FROM)) return ["docs/api, which is not there"];
  const then = JSON.parse(await readFile(MADE_FROM, "utf8"));
  const now: Readonly<Record<string, string>> = await madeFromNow();
  return Object.keys(now).filter((part) => now[part] !== then[part]);
}

/** @throws an Error with what npm has printed */
async function install(): Promise<void> {
  const done = join(HOME, "node_modules/.package-lock.json");
  const lock = await stat(join(HOME, "package-lock.json"));
  if (existsSync(done) && (await stat(done)).mtimeMs >= lock.mtimeMs) return;
  console.error("Installing typedoc, the first time only …");
  await npm(HOME, ["ci"]);
}

async function write(): Promise<number> {
  await install();
  await rm(SOURCES, { recursive: true, force: true });
  await mkdir(SOURCES, { recursive: true });
  for (const entry of ENTRIES) {
    const text = await readFile(join(ROOT, entry.types), "utf8");
    await writeFile(join(SOURCES, `${stem(entry)}.d.ts`), `/**\n * @module ${stem(entry)}\n */\n${text}`);
  }
  const files = ENTRIES.map((entry) => `${stem(entry)}.d.ts`);
  await writeFile(OPTIONS.tsconfig, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }));
  const options = join(SOURCES, "typedoc.json");
  await writeFile(options, JSON.stringify(OPTIONS));
  const { code } = await runProgram(join(HOME, "node_modules/typedoc/bin/typedoc"), ["--options", options]);
  if (code === 0) await writeFile(MADE_FROM, `${JSON.stringify(await madeFromNow(), null, 2)}\n`);
  return code;
}

const { code } = await runProgram(join(ROOT, "tools/dev/prepack.ts"), []);
if (code !== 0) process.exitCode = code;
else if (!process.argv.includes("--check")) process.exitCode = await write();
else {
  const stale = await staleParts();
  if (stale.length > 0) {
    console.error(`docs/api is stale (${stale.join(", ")}): run \`npm run docs:api\`, and commit what it writes.`);
    process.exitCode = 1;
  }
}
