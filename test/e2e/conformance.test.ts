import { expect, it } from "vitest";
import { CHECKS, runChecks } from "../../tools/conformance/run-checks.ts";
import { startServer } from "./server.ts";

it("keeps every rule that can be seen from outside", async () => {
  const server = await startServer();
  const outcomes = await runChecks({ url: server.url, key: "dev-key" }, CHECKS, { timeoutMs: 30_000 });
  expect(outcomes.flatMap(({ ok, rule, why }) => (ok ? [] : `${rule}: ${why}`))).toEqual([]);
  expect(outcomes.length).toBeGreaterThanOrEqual(60);
  await server.stop();
}, 120_000);
