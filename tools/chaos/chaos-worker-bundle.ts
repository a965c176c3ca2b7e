// chaos-worker.ts as a module beside the built Worker, which it imports instead of the sources.
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

const BUILT: Plugin = {
  name: "the built Worker",
  setup: (on) => on.onResolve({ filter: /src\/worker\/index\.ts$/ }, () => ({ path: "./index.js", external: true })),
};

/** @returns the text of an ES module that imports `./index.js` */
export async function bundleWorker(): Promise<string> {
  const entryPoints = [join(import.meta.dirname, "chaos-worker.ts")];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: "esm", plugins: [BUILT] });
  return outputFiles[0]?.text ?? "";
}
