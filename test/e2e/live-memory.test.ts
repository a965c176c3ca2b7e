// A short run of `npm run console-soak`: what the page at /live holds in memory once it has as many events as it keeps.
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { count, inState, openLivePage } from "./open-live.ts";
import { serve, stopAfterwards } from "./stops.ts";

const SECONDS = Number(process.env.REACTOR_CONSOLE_SECONDS ?? "10");
const EVENTS_PER_SECOND = 200;
const BATCH = 20;
/** More than the page shows and holds back together (D7). */
const WARM_UP = 11_000;
/** The engine's own noise: without it a page that keeps all would double. */
const MAX_GROWTH = 1.25;

const batch = (from: number, size: number) =>
  Array.from({ length: size }, (_, n) => ({
    type: `type_${(from + n) % 7}`,
    data: { n: from + n, text: "x".repeat(200) },
  }));

/** After garbage collection, in bytes. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

it("[D7] holds no more memory the longer events come", { timeout: 60_000 + 2_000 * SECONDS }, async () => {
  const browser = await launchBrowser();
  stopAfterwards(() => browser.close());
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0" } });
  const { page, wrong } = await openLivePage(browser, server);
  await inState(page, "connected");
  let sent = 0;
  const send = async (size: number) => {
    expect((await server.post(batch(sent, size))).status).toBe(200);
    sent += size;
    return sent;
  };
  while (sent < WARM_UP) await count(page, await send(500));
  const before = await heapOf(page);
  const beganMs = performance.now();
  for (let n = 0; n < (SECONDS * EVENTS_PER_SECOND) / BATCH; n++) {
    await send(BATCH);
    const dueMs = beganMs + ((n + 1) * 1_000 * BATCH) / EVENTS_PER_SECOND;
    await page.waitForTimeout(Math.max(0, dueMs - performance.now()));
  }
  await count(page, sent);
  const after = await heapOf(page);
  console.warn(
    `The console's heap: ${(before / 1e6).toFixed(1)} MB, and ${(after / 1e6).toFixed(1)} after ${sent - WARM_UP} events more.`,
  );
  expect(after / before).toBeLessThan(MAX_GROWTH);
  expect(wrong).toEqual([]);
});
