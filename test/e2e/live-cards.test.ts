// The cards at `/live` for the events of PulseAI, which scripts of the legacy dashboard read.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { count, inState, type LivePage, metric, openLivePage, part } from "./open-live.ts";
import type { Server } from "./server.ts";
import { serve } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const serveQuietly = () => serve({ vars: { HEARTBEAT_SECONDS: "0" } });

async function openLive(server: Server): Promise<LivePage> {
  const live = await openLivePage(browser, server);
  await inState(live.page, "connected");
  return live;
}

const isOpen = (page: Page) => part(page, "cards").evaluate((cards: HTMLDetailsElement) => cards.open);
const saying = (page: Page, name: string, words: string | RegExp) =>
  part(page, name).filter({ hasText: words }).waitFor({ state: "attached" }); // it may be folded

const READINGS = [
  { type: "ai_metrics_updated", data: { credibility: 0.874, importance: 0.5, timestamp: "2026-01-21T12:00:00Z" } },
  { type: "news_processed", data: { count: 41, processing_time_ms: 12 } },
  { type: "digest_created", data: { title: "<i>Morning</i>" } },
  { type: "system_health_check", data: { status: "healthy", uptime_seconds: 3_720 } },
];

it("[D1] updates its cards on the events of their types, and shows them then", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  expect(await isOpen(page)).toBe(false);
  expect(await metric(page, "credibility").textContent()).toBe("–");
  await server.post(READINGS);
  await saying(page, "system-status", /healthy.*1 h 2 min/);
  expect(await isOpen(page)).toBe(true);
  expect(await metric(page, "credibility").textContent()).toBe("87 %");
  expect(await metric(page, "importance").textContent()).toBe("50 %");
  expect(await metric(page, "timestamp").textContent()).toMatch(/21.*\d\d:00:00/); // with its day: it is not today's
  expect(await part(page, "metrics").textContent()).toContain("87 %");
  expect(await part(page, "news-counter").textContent()).toBe("41");
  expect(await metric(page, "processing-time").textContent()).toBe("12 ms");
  expect(await part(page, "digest-status").textContent()).toMatch(/created.*<i>Morning<\/i>/);
  expect(await page.locator('[data-reactor="digest-status"] i').count()).toBe(0);
  await server.post([{ type: "news_processed" }, { type: "digest_published", data: { title: "Morning" } }]);
  await saying(page, "digest-status", "published");
  expect(await part(page, "news-counter").textContent()).toBe("42");
  expect(wrong).toEqual([]);
});

it("[D1] shows their last values in the log after a reload, and counts no event twice", async () => {
  const server = await serveQuietly();
  await server.post(READINGS);
  await server.post(Array.from({ length: 100 }, (_, nth) => ({ type: "other", data: { nth } })));
  await server.post({ type: "news_processed" });
  const { page } = await openLive(server);
  for (let time = 0; time < 2; time++) {
    await saying(page, "news-counter", /^42$/);
    await saying(page, "system-status", /healthy.*1 h 2 min/);
    expect(await metric(page, "credibility").textContent()).toBe("87 %");
    expect(await part(page, "digest-status").textContent()).toContain("created");
    expect(await isOpen(page)).toBe(true);
    if (time === 0) await page.reload();
  }
  await server.post({ type: "news_processed" });
  await saying(page, "news-counter", /^43$/);
});

it("[D1] counts what comes while the log is read", async () => {
  const server = await serveQuietly();
  await server.post([{ type: "news_processed", data: { count: 7 } }, { type: "news_processed" }]);
  const { promise: isLate, resolve } = Promise.withResolvers<void>();
  const page = await browser.newPage();
  await page.route("**/api/events?*", async (route) => {
    const answer = await route.fetch();
    await isLate;
    await route.fulfill({ response: answer });
  });
  await page.goto(`${server.url}/live`);
  await inState(page, "connected");
  await saying(page, "news-counter", /^8$/);
  await server.post({ type: "news_processed" });
  await saying(page, "news-counter", /^9$/);
  const read = page.waitForResponse(/\/api\/events\?/);
  resolve();
  await (await read).finished();
  await server.post({ type: "news_processed" });
  await saying(page, "news-counter", /^10$/);
  await page.close();
});

it("[D1] has its cards in the document, folded, where there are no such events", async () => {
  const server = await serveQuietly();
  await server.post({ type: "order_created" });
  const { page } = await openLive(server);
  await count(page, 1);
  expect(await isOpen(page)).toBe(false);
  for (const name of ["metrics", "news-counter", "digest-status", "system-status"])
    expect(await part(page, name).count()).toBe(1);
  for (const name of ["credibility", "importance", "timestamp"]) expect(await metric(page, name).count()).toBe(1);
  await part(page, "cards").locator("summary").click();
  await metric(page, "credibility").waitFor({ state: "visible" });
  await server.post(READINGS);
  await saying(page, "news-counter", /^41$/);
  await part(page, "cards").locator("summary").click();
  await server.post({ type: "news_processed" });
  await saying(page, "news-counter", /^42$/);
  expect(await isOpen(page)).toBe(false); // as the visitor left it
});
