// A short run of `npm run soak`: visitors come and go by the hundred, and nothing of them stays behind.
import { expect, it } from "vitest";
import { runSoak } from "../../tools/soak/soak-run.ts";
import { hasReturned } from "../../tools/soak/soak-verdict.ts";

it("[S6] counts nobody, and holds no more memory than before, after hundreds came and went, also in the middle of a frame", async () => {
  // Without a RST, of which workerd now and then tells nobody, and without silence: the hub gives those 90 s.
  const ways = { close: 1, torn: 1 };
  const report = await runSoak({ seconds: 6, clients: 8, seed: 1, ways, emptyWithinMs: 20_000 });
  expect(report.left).toEqual({ connected_clients: 0, ws_catching_up: 0 });
  expect(Math.min(report.visits.close, report.visits.torn)).toBeGreaterThan(0);
  expect(report, "memory").toSatisfy(hasReturned);
});
