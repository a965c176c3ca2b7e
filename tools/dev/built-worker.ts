// The Worker as it is deployed, in dist/: built again if it is older than its sources.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../program.ts";
import { BUILD, runStep } from "./steps.ts";

/** Where `npm run build` puts it. */
export const BUILT_WORKER = join(ROOT, "dist/worker/index.js");

const SOURCES = ["src", "public", "tools/dev/build.ts", "wrangler.toml", "package-lock.json"];

/** @throws an Error with what the build printed, if it fails */
export async function buildIfStale(): Promise<void> {
  const built = await modifiedAt(BUILT_WORKER).catch(() => 0);
  const sources = await Promise.all(SOURCES.map((source) => newestBelow(join(ROOT, source))));
  if (Math.max(...sources) <= built) return;
  const { code, output } = await runStep(BUILD, { capture: true });
  if (code !== 0) throw new Error(`the build failed:\n${output}`);
}

async function newestBelow(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return modifiedAt(path);
  const entries = await readdir(path, { recursive: true });
  return Math.max(...(await Promise.all(entries.map((entry) => modifiedAt(join(path, entry))))));
}

async function modifiedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}
