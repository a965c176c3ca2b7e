// Three kinds of tests: pure ones in plain Node, hub and worker in real workerd, journeys against the built Worker.
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: [
            "test/{wire,core,client,react,dashboard,simulation,tools,fuzz,bench}/**/*.test.{ts,tsx}",
            "test/*.test.ts",
          ],
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { REACTOR_API_KEY: "dev-key" } },
          }),
        ],
        test: { name: "workerd", include: ["test/{auth,hub,worker}/**/*.test.ts"] },
      },
      {
        test: {
          name: "journeys",
          include: ["test/journeys/**/*.test.ts"],
          globalSetup: ["test/journeys/setup.ts"],
          fileParallelism: false, // two cores, and one browser at a time
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
