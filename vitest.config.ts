// Three kinds of tests, by where they run: unit in plain Node, workerd in the real runtime, e2e against the built Worker.
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          testTimeout: 60_000, // against what hangs; a property test takes seconds on a busy machine
          include: ["test/{unit,simulation}/**/*.test.{ts,tsx}"],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { REACTOR_API_KEY: "dev-key" } },
          }),
        ],
        test: { name: "workerd", include: ["test/workerd/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/setup.ts"],
          fileParallelism: false, // two cores, and one browser at a time
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
