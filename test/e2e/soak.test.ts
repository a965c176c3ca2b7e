// A short run of `npm run soak`: hundreds of clients connect and disconnect, and nothing of them stays behind.
import { expect, it } from "vitest";
import { runSoak } from "../../tools/soak/soak-run.ts";
import { isClean } from "../../tools/soak/soak-verdict.ts";

it("[S6] counts no client and holds no more memory after hundreds connected and disconnected, also in the middle of a frame", async () => {
  // Without RSTs, which workerd sometimes does not report, and without silent clients, which the hub keeps for 90 s.
  const endings = { close: 1, torn: 1 };
  const report = await runSoak({ seconds: 6, clients: 8, seed: 1, endings, emptyWithinMs: 20_000 });
  expect(report.left).toEqual({ connected_clients: 0, ws_catching_up: 0 });
  expect(Math.min(report.connections.close, report.connections.torn)).toBeGreaterThan(0);
  expect(report, "memory").toSatisfy(isClean);
});
