// Wrangler's [build] command: fills dist/public with public/, the page of errors and the pages' scripts, and dist/ with the npm package.
// Files change one by one, each by a rename, and only if they differ, so a running `wrangler dev` never serves half.
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { minifySync } from "rolldown/utils";
import { NO_ENTRY } from "../package/entries.ts";
import { errorsHtml } from "./errors-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const DIST = join(ROOT, "dist");

/** `react` and `tabs` import the client of the package, so that a program has only one copy of it, the one for its runtime. */
const clientIsThePackages: Plugin = {
  name: "client-is-the-package's",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/client\/index\.ts$/ }, () => ({ path: "pulse-reactor/client", external: true }));
  },
};

/** Browsers are spared what Node needs. */
const inBrowsers: Plugin = {
  name: "in-browsers",
  setup({ onResolve }) {
    const path = join(ROOT, "src/client/connection/page-ports.ts");
    onResolve({ filter: /\/runtime-ports\.ts$/ }, () => ({ path }));
  },
};

/** What a page loads is minified once more: rolldown's minifier saves 2 % of what esbuild leaves. */
const page: BuildOptions = {
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  plugins: [inBrowsers],
};
/** A module is UTF-8, whatever the page that loads it is: a Russian letter need not be escaped. */
const module: BuildOptions = { ...page, charset: "utf8" };
/** What it imports while it runs is a file of its own beside it. */
const split: BuildOptions = { ...module, splitting: true, entryNames: "[name]", chunkNames: "[name]-[hash]" };
/** For pages without modules. */
const classic: BuildOptions = { ...page, format: "iife" };
/** For bundlers of React server components: hooks and context run in pages. esbuild drops the directive of a module. */
const USE_CLIENT = { banner: { js: '"use client";' } };
/** Constants are inlined here: the bundlers of the package's users see variables. */
const packaged: BuildOptions = { packages: "external", sourcemap: true, minifySyntax: true };
/** The package depends on no other, so it carries what the Worker imports. */
const CARRIED = ["itty-router", "jose"];
const embedded: BuildOptions = { ...packaged, packages: "bundle", external: ["cloudflare:workers", "node:zlib"] };

/** What is bundled, from src/ to dist/. */
const BUNDLES: readonly (readonly [from: string, to: string, BuildOptions])[] = [
  ["dashboard/live.tsx", "public/static/js/live.js", split],
  ["client/served-client.ts", "public/static/js/client.js", page],
  ["client/legacy/script.ts", "public/static/js/reactor.js", classic],
  ["client/index.ts", "client/index.js", { ...packaged, plugins: [inBrowsers] }],
  ["client/index.ts", "client/node.js", packaged],
  ["testing/index.ts", "testing/index.js", packaged],
  ["wire/index.ts", "wire/index.js", packaged],
  ["worker/embedded.ts", "worker/embedded.js", embedded],
  ["tabs/index.ts", "tabs/index.js", { ...packaged, plugins: [clientIsThePackages, inBrowsers] }],
  ["tabs/tabs-worker.ts", "tabs/worker.js", page],
  ["react/index.ts", "react/index.js", { ...packaged, plugins: [clientIsThePackages], ...USE_CLIENT }],
];

/** Of the packages that the bundles for others carry. */
async function licenses(): Promise<string> {
  const texts = CARRIED.map(async (name) => {
    const home = join(ROOT, "node_modules", name);
    const file = (await readdir(home)).find((each) => /^licen[cs]e/i.test(each));
    if (!file) throw new Error(`${name} has no licence to be copied.`);
    const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
    return `${name} ${version}\n\n${(await readFile(join(home, file), "utf8")).trim()}\n`;
  });
  return `dist/worker/embedded.js has these packages in it.\n\n${(await Promise.all(texts)).join("\n\n")}`;
}

type Built = readonly [to: string, contents: Uint8Array];

async function bundle([from, to, options]: (typeof BUNDLES)[number]): Promise<Built[]> {
  const { outputFiles = [] } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`src/${from}`],
    bundle: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    ...(options.splitting ? { outdir: dirname(join(DIST, to)) } : { outfile: join(DIST, to) }),
    write: false,
    ...options,
  });
  return outputFiles.map(({ path, contents, text }) => {
    const to = relative(DIST, path);
    if (to.endsWith(".css")) return [to.replace("/js/", "/"), contents]; // not for pages of other origins, as scripts are
    const bytes = options.minify ? Buffer.from(minified(path, text, options)) : contents;
    return [to, bytes];
  });
}

/** @throws an Error if rolldown cannot parse it */
function minified(path: string, text: string, { format }: BuildOptions): string {
  const { code, errors } = minifySync(path, text, { module: format !== "iife" });
  const [error] = errors;
  if (error) throw new Error(`${path} cannot be minified: ${error.message}`);
  return code;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

async function copy(file: string): Promise<Built> {
  return [relative(ROOT, file), await readFile(file)]; // public/… → dist/public/…
}

async function put([to, contents]: Built): Promise<void> {
  const target = join(DIST, to);
  const old = await readFile(target).catch(() => undefined);
  if (old?.equals(contents)) return;
  const fresh = join(DIST, `.${process.pid}-${to.replaceAll(/[\\/]/g, "-")}`); // outside dist/public, which is served
  await writeFile(fresh, contents);
  await mkdir(dirname(target), { recursive: true });
  await rename(fresh, target);
}

try {
  const copies = (await filesBelow(join(ROOT, "public"))).map(copy);
  const pages: Built[] = [
    ["public/errors.html", Buffer.from(errorsHtml())],
    ["index.js", Buffer.from(`throw new Error(${JSON.stringify(NO_ENTRY)});\n`)],
    ["index.d.ts", Buffer.from(`/** ${NO_ENTRY} */\nexport {};\n`)],
    ["tabs/worker.d.ts", Buffer.from("/** The SharedWorker of `connectTabs`: it exports nothing. */\nexport {};\n")],
    ["worker/licenses.txt", Buffer.from(await licenses())],
  ];
  const bundles = await Promise.all(BUNDLES.map(bundle));
  const built = new Map([...pages, ...(await Promise.all(copies)), ...bundles.flat()]);
  await mkdir(join(DIST, "public"), { recursive: true });
  await Promise.all([...built].map(put));
  const wanted = new Set([...built.keys()].map((to) => join(DIST, to)));
  const stale = (await filesBelow(join(DIST, "public"))).filter((file) => !wanted.has(file));
  await Promise.all(stale.map((file) => rm(file, { force: true })));
} catch (error) {
  if (!(error instanceof Error && "errors" in error)) throw error;
  process.exit(1); // esbuild has shown where in the source
}
