import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { type OwnPage, openOwnPage } from "./own-page.ts";
import { pageScript } from "./page-script.ts";
import type { Server, ServerOptions } from "./server.ts";
import { serve } from "./stops.ts";

let browser: Browser;
let script: string;
beforeAll(async () => {
  browser = await launchBrowser();
  script = await pageScript("react-page.tsx");
});
afterAll(() => browser.close());

const serveQuietly = (options: ServerOptions = {}) => serve({ vars: { HEARTBEAT_SECONDS: "0" }, ...options });

async function open(server: Server): Promise<OwnPage> {
  const opened = await openOwnPage(browser, server, "<!doctype html>");
  await opened.page.addScriptTag({ content: script });
  await connected(opened.page);
  return opened;
}

const connected = (page: Page) => page.locator('#status[data-connected="true"]').waitFor();
const rows = (page: Page) => page.locator("#events li").allTextContents();
const row = (page: Page, text: string) => page.locator("#events li", { hasText: text }).waitFor();
const clients = async (server: Server, channel = "main") =>
  (await (await fetch(`${server.url}/ws/stats?channel=${channel}`)).json()).connected_clients;

it("[U2] opens one connection under StrictMode, shows its events, and closes it when it is unmounted", async () => {
  const server = await serveQuietly();
  const { page, streamUrl, sockets } = await open(server);
  expect([sockets, await clients(server)]).toEqual([[streamUrl], 1]);
  await server.post([
    { type: "news_processed", data: { title: "<b>Hello</b>" } },
    { type: "digest_created", data: 2 },
  ]);
  await row(page, "digest_created");
  expect(await rows(page)).toEqual(['news_processed {"title":"<b>Hello</b>"}', "digest_created 2"]);
  expect(await page.locator("#status").textContent()).toBe("1");
  await page.click("#unmount");
  await expect.poll(() => clients(server)).toBe(0);
  await page.click("#mount");
  await connected(page);
  expect([sockets.length, await clients(server)]).toEqual([2, 1]);
});

it("[U7] says in its build that it runs in pages, to bundlers of server components", async () => {
  const built = await readFile(join(import.meta.dirname, "../../dist/react/index.js"), "utf8");
  expect(built.split("\n")[0]).toBe('"use client";');
});

it("[U1] throws outside of a provider, and names it", async () => {
  const { page } = await open(await serveQuietly());
  expect(await page.locator("#caught").textContent()).toContain("<ReactorProvider>");
});

it("[U1] [U4] renders a frame of many events once, and keeps the last 50", async () => {
  const server = await serveQuietly();
  const { page } = await open(server);
  await server.post(Array.from({ length: 20 }, (_, n) => ({ type: "a", data: n })));
  await row(page, "a 19");
  await server.post(Array.from({ length: 60 }, (_, n) => ({ type: "b", data: n })));
  await row(page, "b 59");
  await server.post({ type: "c" });
  await row(page, "c {}");
  const shown = await rows(page);
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([50, "b 11", "c {}"]);
  // Each batch came as one frame. StrictMode runs the first effect twice; a render shows the commits before its own.
  expect(await page.locator("#events").getAttribute("data-commits")).toBe("0,0,20,50");
});

it("[U3] [U5] narrows its subscription on the same connection, and shows what the hub refuses", async () => {
  const server = await serveQuietly();
  const { page, sockets, frames } = await open(server);
  const subscribed = (times: number) =>
    expect.poll(() => frames.filter((frame) => frame.includes('"reactor_subscribed"')).length).toBe(times);
  await page.click("#send");
  await page.locator('#status[data-error="unknown_message"]').waitFor();
  await page.click("#narrow");
  await subscribed(1);
  await server.post([{ type: "digest_created" }, { type: "news_processed", data: 1 }]);
  await row(page, "news_processed 1");
  await page.click("#only-digests"); // the provider's own, besides what a component has asked for
  await subscribed(2);
  await server.post([
    { type: "user_action" },
    { type: "digest_created", data: 2 },
    { type: "news_processed", data: 3 },
  ]);
  await row(page, "news_processed 3");
  expect(await rows(page)).toEqual(["news_processed 1", "digest_created 2", "news_processed 3"]);
  expect(sockets).toHaveLength(1);
});

it("[U2] switches to another channel, and drops the old events, when the prop changes", async () => {
  const server = await serveQuietly();
  const { page, sockets } = await open(server);
  await server.post({ type: "here" });
  await row(page, "here");
  await page.click("#other-channel");
  await expect.poll(() => clients(server, "other")).toBe(1);
  await expect.poll(() => clients(server)).toBe(0);
  await connected(page);
  await server.post({ type: "there" }, { channel: "other" });
  await row(page, "there");
  expect([await rows(page), sockets.length]).toEqual([["there {}"], 2]);
});

it("[U2] [U4] [L4] reconnects after a crash of the server with nothing missed or doubled", async () => {
  const first = await serveQuietly({ keepState: true });
  const { page } = await open(first);
  await first.post({ type: "before" });
  await row(page, "before");
  await first.kill();
  await page.locator('#status[data-connected="false"]').waitFor();
  const second = await serveQuietly({ port: first.port, persistTo: first.persistTo });
  await second.post({ type: "meanwhile" });
  await connected(page);
  await second.post({ type: "after" });
  await row(page, "after");
  expect(await rows(page)).toEqual(["before {}", "meanwhile {}", "after {}"]);
});
