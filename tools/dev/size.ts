// `npm run size`: today's bytes of what pages load beside their limits (package.json, "size-limit"), and what each function of the client
// adds to `connect`, which docs/client.md states. Of the package it is what a user's bundler makes of it. It needs a build.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minifySync } from "rolldown/utils";
import { programFile, ROOT, runProgram } from "../program.ts";

/** What is left out of a page that does not use it. */
const FUNCTIONS = ["events", "replay", "withSchemas", "keepCursor", "debug", "share"];

/** @param code imports files of the package, as it is built @returns it minified, as the scripts are that a hub serves */
async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: join(ROOT, "dist") },
    bundle: true,
    external: ["react", "react/jsx-runtime", "pulse-reactor/client"],
    format: "esm",
    minify: true,
    target: "es2022",
    write: false,
  });
  return minifySync("size.js", String(outputFiles[0]?.text), { module: true }).code;
}

const client = (names: readonly string[]) => `export { ${names.join(", ")} } from "./client/index.js";`;
const sizeOf = async (names: readonly string[]) => gzipSync(await bundle(client(names)), { level: 9 }).length;

const folder = join(ROOT, "dist/sizes");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "connect.js"), await bundle(client(["connect"])));
await writeFile(join(folder, "functions.js"), await bundle(client(["connect", ...FUNCTIONS])));
await writeFile(join(folder, "tabs.js"), await bundle('export * from "./tabs/index.js";'));
await writeFile(join(folder, "tabs-worker.js"), await bundle('import "./tabs/worker.js";'));
await writeFile(join(folder, "react.js"), await bundle('export * from "./react/index.js";'));
const { code } = await runProgram(programFile("size-limit"), []);

const docs = await readFile(join(ROOT, "docs/client.md"), "utf8");
/** @returns whether docs/client.md says so, to a tenth of a kB */
function isStated(name: string, bytes: number): boolean {
  const stated = Number(new RegExp(`^\\|.*\`${name}\\(.*\\| +([\\d.]+) kB \\|$`, "m").exec(docs)?.[1]);
  const isRight = Math.abs(bytes / 1_000 - stated) <= 0.1;
  if (!isRight) console.error(`docs/client.md says that ${name} is ${stated} kB.`);
  return isRight;
}

const connect = await sizeOf(["connect"]);
let areStated = isStated("connect", connect);
console.log("  Bytes that each function adds to `connect`, gzipped:");
for (const name of FUNCTIONS) {
  const added = (await sizeOf(["connect", name])) - connect;
  console.log(`  ${name.padEnd(12)}${added}`);
  areStated = isStated(name, added) && areStated;
}
process.exitCode = code || (areStated ? 0 : 1);
