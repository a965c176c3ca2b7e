// Runs once, before all e2e tests: builds the Worker if it is older than its sources, and prepares the browser.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { type PreparedBrowser, prepareBrowser } from "../../tools/dev/browser.ts";
import { BUILT_WORKER, buildIfStale } from "../../tools/dev/built-worker.ts";
import type { BuiltWorker } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly worker: BuiltWorker;
    readonly browser: PreparedBrowser;
    /** A folder for this run's state on disk, removed after it. */
    readonly stateFolder: string;
  }
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  await buildIfStale();
  provide("worker", describeWorker());
  provide("browser", await prepareBrowser());
  const cache = resolve("node_modules/.cache/e2e");
  await mkdir(cache, { recursive: true });
  const stateFolder = await mkdtemp(join(cache, "run-"));
  provide("stateFolder", stateFolder);
  return () => rm(stateFolder, { recursive: true, force: true });
}

function describeWorker(): BuiltWorker {
  const config = unstable_readConfig({ config: "wrangler.toml" });
  const bindings: { name: string; class_name: string }[] = config.durable_objects.bindings;
  const hub = bindings.find(({ name }) => name === "HUB");
  if (!config.name || !hub) throw new Error("wrangler.toml has no name, or does not bind HUB");
  return {
    name: config.name,
    file: BUILT_WORKER,
    hubClass: hub.class_name,
    vars: config.vars as Record<string, string>,
    options: unstable_getMiniflareWorkerOptions(config).workerOptions,
  };
}
