import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { type Server, startServer } from "./server.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** `/live`, open and connected, and everything that went wrong in it. */
async function openLive(server: Server): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage();
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(`${server.url}/live`);
  await page.locator('[data-reactor="connection-status"][data-state="live"]').waitFor();
  return { page, wrong };
}

const rows = (page: Page) => page.locator('[data-reactor="events-container"] li:not(.nothing)').allInnerTexts();
const count = (page: Page, received: number) =>
  page.locator('[data-metric="received"]', { hasText: new RegExp(`^${received}$`) }).waitFor();

it("[H8] shows one POST on two pages", async () => {
  const server = await startServer();
  const pages = [await openLive(server), await openLive(server)];
  await server.post({ type: "news_processed", data: { title: "<b>Hello</b>" } });
  for (const { page, wrong } of pages) {
    await count(page, 1);
    const [row] = await rows(page);
    expect(row).toContain("news_processed");
    expect(row).toContain('{"title":"<b>Hello</b>"}'); // data is text, never markup
    expect(wrong).toEqual([]);
    await page.close();
  }
  await server.stop();
});

it("[L4] [K3] [K6] comes back after a restart of the server, and shows what was emitted meanwhile", async () => {
  const first = await startServer({ keepState: true });
  const { page } = await openLive(first);
  await first.post({ type: "before" });
  await count(page, 1);
  await first.kill();
  await page.locator('[data-reactor="connection-status"][data-state="waiting"]').waitFor();
  const second = await startServer({ port: first.port, persistTo: first.persistTo });
  const { cursor } = (await (await second.post({ type: "meanwhile" })).json()) as { cursor: string };
  expect(cursor).toMatch(/\.2$/);
  await page.locator('[data-reactor="connection-status"][data-state="live"]').waitFor();
  await second.post({ type: "after" });
  await count(page, 3);
  expect(await rows(page)).toEqual(["after", "meanwhile", "before"].map((type) => expect.stringContaining(type)));
  await page.close();
  await second.stop();
});
