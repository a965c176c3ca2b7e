// What `/live` shows at a glance: one status, figures that follow the events, and charts.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { axeEverywhere, SIZES } from "./axe.ts";
import { launchBrowser } from "./browser.ts";
import { inState, openLivePage, part } from "./open-live.ts";
import { startPageServer } from "./page-server.ts";
import type { Server, ServerOptions } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const serveQuietly = (options: ServerOptions = {}) =>
  serve({ ...options, vars: { HEARTBEAT_SECONDS: "0", ...options.vars } });

const withStatus = (page: Page, status: string) =>
  page.locator(`[data-reactor="connection-status"][data-status="${status}"]`).waitFor();
const advice = (page: Page, words: string | RegExp) => part(page, "advice").filter({ hasText: words }).waitFor();
const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"] dd`);
const showing = (page: Page, name: string, text: string | RegExp) =>
  figure(page, name).filter({ hasText: text }).waitFor();
const statsOf = async (server: Server) =>
  (await (await fetch(`${server.url}/ws/stats`)).json()) as Record<string, unknown>;

async function openConnected(server: Server) {
  const live = await openLivePage(browser, server);
  await inState(live.page, "connected");
  return live;
}

it("[D13] [D18] is live, says so in its title, and has no accessibility violation", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openConnected(server);
  await withStatus(page, "live");
  expect(await page.title()).toBe("● main · Reactor");
  expect(await part(page, "advice").count()).toBe(0);
  await server.post([{ type: "news_processed" }, { type: "digest_created" }]);
  await showing(page, "taken", "2");
  await page.locator("figure summary").first().click();
  expect(await axeEverywhere(page)).toEqual([]);
  await part(page, "keys").click();
  expect(await axeEverywhere(page)).toEqual([]);
  expect(wrong).toEqual([]);
});

it("[D14] [D15] [D18] counts down to the next attempt, dims its figures, and retries at once if asked to", async () => {
  const first = await serveQuietly({ keepState: true });
  const { page } = await openConnected(first);
  await first.post([{ type: "a" }, { type: "b" }]);
  await showing(page, "taken", "2");
  await showing(page, "clients", "1");
  await first.kill();
  await withStatus(page, "reconnecting");
  expect(await page.title()).toBe("○ main: Reconnecting · Reactor");
  await advice(page, /^Can't reach the hub\. Retrying in \d+ s\. Not connected since \d\d:\d\d:\d\d\./);
  await part(page, "stale")
    .filter({ hasText: /^as of \d\d:\d\d:\d\d$/ })
    .waitFor();
  expect(await figure(page, "taken").textContent()).toBe("2");
  expect(await figure(page, "rate").textContent()).toBe("–");
  expect(await axeEverywhere(page)).toEqual([]);

  await part(page, "countdown")
    .filter({ hasText: /Retrying in ([5-9]|1\d) s/ })
    .waitFor({ timeout: 60_000 });
  await serveQuietly({ port: first.port, persistTo: first.persistTo });
  await part(page, "retry").click();
  await inState(page, "connected"); // and not when the wait is over
  await withStatus(page, "live");
  await expect.poll(() => part(page, "stale").textContent()).toBe("");
  expect(await part(page, "advice").count()).toBe(0);
});

it("[D13] [D18] says that the hub is disabled", async () => {
  const { page } = await openConnected(await serveQuietly({ vars: { REACTOR_ENABLED: "false" } }));
  await withStatus(page, "disabled");
  await advice(page, "This hub takes no events: REACTOR_ENABLED is false.");
  expect(await page.title()).toBe("○ main: Disabled · Reactor");
  expect(await axeEverywhere(page)).toEqual([]);
});

it("[D13] [D18] says that the hub refuses pages of this address", async () => {
  const server = await serveQuietly({ vars: { ALLOWED_ORIGINS: "https://app.example.org" } });
  const proxy = await startPageServer(server.port, "", {}, true);
  stopAfterwards(() => proxy.stop());
  const { page } = await openLivePage(browser, { ...server, url: proxy.url });
  await withStatus(page, "foreign");
  await advice(page, `Add it to ALLOWED_ORIGINS, or open the hub's own address. Origin ${proxy.url} is not allowed`);
  expect(await part(page, "access").count()).toBe(0); // no key helps
  expect(await axeEverywhere(page)).toEqual([]);
});

it("[D13] [D15] [D18] says that the hub fails, until it does not", async () => {
  const server = await serveQuietly();
  const failing = { code: "log_unavailable", detail: "The hub of this channel was interrupted." };
  const fails = (page: Page) => page.route(/\/ws\/stats/, (route) => route.fulfill({ status: 503, json: failing }));
  const { page } = await openLivePage(browser, server, { prepare: fails });
  await withStatus(page, "failing");
  await advice(page, "The hub answers, but fails.");
  await part(page, "stale").filter({ hasText: failing.detail }).waitFor();
  expect(await axeEverywhere(page)).toEqual([]);
  await page.unroute(/\/ws\/stats/);
  await part(page, "refresh").click();
  await withStatus(page, "live");
  await showing(page, "taken", "0");
});

it("[D4] [D15] [D16] shows after a burst what the hub says, and a table of what came", async () => {
  const server = await serveQuietly();
  await server.post(Array.from({ length: 70 }, () => ({ type: "before" })));
  const { page, wrong } = await openConnected(server);
  await showing(page, "taken", "70");
  for (let n = 0; n < 20; n++) await server.post(Array.from({ length: 70 }, () => ({ type: "burst" })));
  await showing(page, "taken", "1,470");
  await showing(page, "inLog", /^1,470 · /);
  const stats = await statsOf(server);
  const { cursor, events_kept, connected_clients, ws_events_emitted_total } = stats;
  expect([ws_events_emitted_total, events_kept, connected_clients]).toEqual([1_470, 1_470, 1]);
  await showing(page, "clients", "1");
  await showing(page, "lag", "0");
  await showing(page, "cursor", String(cursor));
  await showing(page, "lastEvent", / ago$/);

  await page.locator("figure summary").first().click();
  const counts = page.locator("figure table").first().locator("td");
  const sum = async () => (await counts.allInnerTexts()).reduce((all, text) => all + Number(text.replace(",", "")), 0);
  await expect.poll(sum).toBe(1_400); // what was there before came at no second
  expect(await page.locator("figcaption").first().textContent()).toContain("1,400 events received");
  for (const name of ["1 h", "6 h"]) await page.getByRole("button", { name }).click();
  await expect.poll(() => page.locator("figure canvas").count()).toBe(2);
  expect(wrong).toEqual([]);
});

it("[D4] asks the hub for nothing in five quiet minutes, and measures the round trip when told to", async () => {
  const server = await serveQuietly();
  const { page, addresses } = await openLivePage(browser, server, { prepare: (opened) => opened.clock.install() });
  const passing = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 5_000) {
      await page.clock.runFor(5_000);
      await page.evaluate(() => 0); // pongs come at their own time
    }
  };
  await page.clock.runFor(1_000);
  await inState(page, "connected");
  await passing(10_000);
  await showing(page, "taken", "0");
  await server.evict();
  const asked = addresses.length;
  await passing(300_000);
  expect(addresses.slice(asked)).toEqual([]);
  await inState(page, "connected");
  await part(page, "ping").click();
  await part(page, "round-trip")
    .filter({ hasText: /^\d+(\.\d)? ms$/ })
    .waitFor();
  expect(addresses).toHaveLength(asked);
  await expect(server.evict()).rejects.toThrow(/not currently running/); // nothing woke it
  await server.post({ type: "a" });
  await expect.poll(() => page.clock.runFor(1_000).then(() => figure(page, "taken").textContent())).toBe("1");
  await expect.poll(() => addresses.length).toBe(asked + 1);
});

it("[D17] [D18] speaks Russian and is dark when the visitor wants it, also after a reload", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openConnected(server);
  const stored = () => page.evaluate(() => ({ ...localStorage }));
  const scheme = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await scheme();
  expect([await page.locator("html").getAttribute("lang"), await stored()]).toEqual(["en", {}]);
  await part(page, "language").selectOption("ru");
  await part(page, "connection-status").filter({ hasText: "На связи" }).waitFor();
  await part(page, "theme").selectOption("dark");
  await expect.poll(scheme).not.toBe(light);
  await page.reload();
  await inState(page, "connected");
  expect(await page.locator("html").getAttribute("lang")).toBe("ru");
  expect(await scheme()).not.toBe(light);
  expect(await stored()).toEqual({ "reactor:language": "ru", "reactor:theme": "dark" });
  expect(await axeEverywhere(page)).toEqual([]);
  await part(page, "theme").selectOption("light");
  await expect.poll(scheme).toBe(light);
  expect(wrong).toEqual([]);
});

it("[D17] takes the browser's language", async () => {
  const server = await serveQuietly();
  const page = await browser.newPage({ locale: "ru-RU" });
  stopAfterwards(() => page.close());
  await page.goto(`${server.url}/live`);
  await part(page, "connection-status").filter({ hasText: "На связи" }).waitFor();
  expect(await page.title()).toBe("● main · Reactor");
});

it("[D18] shows six events on a phone without scrolling, and is no wider than its screen", async () => {
  const server = await serveQuietly();
  const long = "a_type_that_is_so_long_that_it_fits_on_no_phone_".repeat(4);
  await server.post(Array.from({ length: 20 }, (_, n) => ({ type: `${long}${n}`, data: { text: long } })));
  const { page } = await openConnected(server);
  await page.setViewportSize(SIZES.phone);
  const rows = page.locator('[data-reactor="events-container"] li');
  await expect.poll(() => rows.count()).toBeGreaterThan(6);
  const bottoms = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().bottom));
  expect(bottoms.filter((bottom) => bottom <= SIZES.phone.height).length).toBeGreaterThanOrEqual(6);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(SIZES.phone.width);
});

it("[D18] opens its keyboard sheet by ?, unless single keys are switched off", async () => {
  const { page } = await openConnected(await serveQuietly());
  const sheet = page.getByRole("dialog");
  await page.keyboard.press("?");
  await sheet.waitFor();
  await page.getByLabel("Single keys are shortcuts").uncheck();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  expect(await sheet.isVisible()).toBe(false);
  await part(page, "keys").click();
  await sheet.waitFor();
});
