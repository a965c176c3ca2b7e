// React's hooks for events, on a page in a real browser, against the built hub.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { openOwnPage } from "./own-page.ts";
import { pageScript } from "./page-script.ts";
import { serve } from "./stops.ts";

declare const heard: string[];
declare const counts: { renders: number; frames: number };

let browser: Browser;
let script: string;
beforeAll(async () => {
  browser = await launchBrowser();
  script = await pageScript("hooks-page.tsx");
});
afterAll(() => browser.close());

async function open(vars: Readonly<Record<string, string>> = {}) {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0", ...vars } });
  const { page, sockets, errors } = await openOwnPage(browser, server, "<!doctype html>");
  await page.addScriptTag({ content: script });
  await shows(page, "state", "connected");
  const emit = (type: string, ...data: readonly unknown[]) => server.post(data.map((each) => ({ type, data: each })));
  return { server, page, sockets, errors, emit };
}

const text = (page: Page, id: string) => page.locator(`#${id}`).textContent();
const shows = (page: Page, id: string, expected: string) =>
  expect.poll(() => text(page, id), { timeout: 20_000 }).toBe(expected);
const hears = (page: Page, expected: readonly string[]) =>
  expect.poll(() => page.evaluate(() => heard), { timeout: 20_000 }).toEqual(expected);

it("[U8] [U10] calls the newest listener once for each event, over one connection under StrictMode", async () => {
  const { page, emit, sockets, errors } = await open();
  await emit("news_a", 1, 2);
  await hears(page, ["1: 1", "1: 2"]);
  await page.click("#round");
  await emit("news_b", 3);
  await hears(page, ["1: 1", "1: 2", "2: 3"]);
  expect([sockets.length, errors]).toEqual([1, []]);
});

it("[U8] gives a component that was hidden what it missed, in order, also where it is hidden again", async () => {
  const { page, emit, errors } = await open();
  await emit("news_a", 1);
  await hears(page, ["1: 1"]);
  await page.click("#toggle");
  await emit("news_a", 2, 3);
  await emit("chat_a", "seen");
  await shows(page, "list", "chat_a seen");
  expect(await page.evaluate(() => heard)).toEqual(["1: 1"]);
  await page.click("#toggle");
  await hears(page, ["1: 1", "1: 2", "1: 3"]);
  await emit("news_a", 4);
  await hears(page, ["1: 1", "1: 2", "1: 3", "1: 4"]);
  for (let n = 0; n < 3; n++) await page.click("#toggle"); // hidden, shown and hidden
  await emit("news_a", 5);
  await emit("chat_a", "later");
  await shows(page, "list", "chat_a seen, chat_a later");
  await page.click("#toggle");
  await emit("news_a", 6);
  await hears(page, ["1: 1", "1: 2", "1: 3", "1: 4", "1: 5", "1: 6"]);
  expect(errors).toEqual([]);
});

it("[U8] tells by a reset that what a hidden component missed is no longer there", async () => {
  const { page, server, emit } = await open();
  await emit("news_a", 1);
  await hears(page, ["1: 1"]);
  await page.click("#toggle");
  await emit("news_a", 2, 3);
  await emit("chat_a", "seen");
  await shows(page, "list", "chat_a seen");
  const { events } = await (await fetch(`${server.url}/api/events?last=1`)).json();
  const { cursor } = await (await fetch(`${server.url}/api/events?last=1`)).json();
  expect(events).toHaveLength(1);
  const removed = await fetch(`${server.url}/api/events?before=${cursor}`, {
    method: "DELETE",
    headers: { authorization: "Bearer dev-key" },
  });
  expect(removed.status).toBe(200);
  await page.click("#toggle");
  await shows(page, "reset", "trimmed");
  await emit("news_a", 4);
  await hears(page, ["1: 1", "1: 4"]);
});

it("[U9] shows the last events of a pattern, and begins from none with another", async () => {
  const { page, emit } = await open();
  await emit("chat_a", 1, 2, 3, 4, 5);
  await emit("other", 6);
  await shows(page, "list", "chat_a 3, chat_a 4, chat_a 5");
  await page.click("#pattern");
  await shows(page, "list", "");
  await emit("other", 7);
  await emit("chat_b", 8);
  await shows(page, "list", "other 7, chat_b 8");
});

it("[U4] [U9] loses none of thousands of events, and renders at most once a frame", async () => {
  const { page, emit } = await open();
  const total = 10_000;
  const begun = performance.now();
  await page.evaluate(() => Object.assign(counts, { renders: 0, frames: 0 }));
  for (let n = 0; n < total; n += 500) await emit("flood", ...Array.from({ length: 500 }, (_, k) => n + k));
  await shows(page, "flood", `${total} ${total - 1}`);
  const { renders, frames } = await page.evaluate(() => counts);
  expect(renders).toBeGreaterThan(0);
  const withoutFrame = (performance.now() - begun) / 250; // a browser that shows none for so long counts as hidden
  expect(renders).toBeLessThanOrEqual(frames + 1 + withoutFrame); // 1: a frame that had begun before
});
