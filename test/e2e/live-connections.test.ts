// The panel of connections at `/live`, for operators.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { count, inState, type LivePage, openLivePage, part } from "./open-live.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const serveQuietly = () => serve({ vars: { HEARTBEAT_SECONDS: "0" } });

async function openLive(server: Server, prepare?: (page: Page) => Promise<unknown>): Promise<LivePage> {
  const live = await openLivePage(browser, server, prepare ? { prepare } : {});
  await inState(live.page, "connected");
  return live;
}

const panel = (page: Page) => part(page, "connections");
const unfold = (page: Page) => panel(page).locator("summary").click();
const table = (page: Page, title: string) => panel(page).getByRole("table", { name: title });
const cells = (page: Page, title: string) =>
  table(page, title)
    .locator("tbody tr")
    .evaluateAll((trs) => trs.map((tr) => [...tr.querySelectorAll("td")].map((td) => td.textContent.trim())));

async function signIn(page: Page, key: string): Promise<void> {
  await panel(page).getByLabel("Key or token").fill(key);
  await panel(page).getByRole("button", { name: "Sign in" }).click();
}

/** A hub's answer, and how often it was asked. */
async function answering(page: Page, answer: () => { status?: number; json: unknown }): Promise<{ asked: string[] }> {
  const asked: string[] = [];
  await page.route("**/api/connections*", async (route) => {
    asked.push(route.request().headers().authorization ?? "");
    await route.fulfill(answer());
  });
  return { asked };
}

const hub = (changes: Record<string, unknown> = {}) => ({
  object: "hub",
  connections: [
    { dialect: "v1", encoding: "deflate", state: "live", count: 3 },
    { dialect: "legacy", state: "catching_up", count: 1 },
  ],
  lag: [
    { up_to_events: 0, count: 2 },
    { up_to_events: 10, count: 1 },
    { up_to_events: null, count: 1 },
  ],
  slowest: [
    {
      client_id: "c-1",
      sub: "<b>ada</b>",
      dialect: "v1",
      state: "live",
      lag_events: 1_234,
      buffered_bytes: 2_048,
      heard_ms_ago: 5_000,
    },
    { client_id: "c-2", sub: null },
  ],
  opened_total: { v1: 1, "v1.deflate": 4, legacy: 0 },
  closes_total: { 1000: 3, 4408: 1 },
  refusals_total: { unauthorized: 1 },
  resets_total: {},
  replays_total: 5,
  deliveries_total: 1_234,
  ...changes,
});

it("[D23] shows who is connected, with the key, and what changes", async () => {
  const server = await serveQuietly();
  let report: unknown = { channel: "main", cursor: "k3x9.44", objects: [hub()] };
  let asked: readonly string[] = [];
  const { page, wrong } = await openLive(server, async (each) => {
    ({ asked } = await answering(each, () => ({ json: report })));
  });
  await unfold(page);
  await panel(page).getByText("Needs the hub's key.").waitFor();
  await signIn(page, "dev-key");
  await table(page, "By dialect and state").waitFor();
  expect(await cells(page, "By dialect and state")).toEqual([
    ["v1", "deflate", "live", "3"],
    ["legacy", "–", "catching up", "1"],
  ]);
  expect(await cells(page, "Events behind")).toEqual([
    ["none", "", "2"],
    ["up to 10", "", "1"],
    ["more", "", "1"],
  ]);
  expect(await cells(page, "The slowest")).toEqual([
    ["c-1", "1,234", expect.stringMatching(/^2(\.0)? KiB$/), expect.stringMatching(/5/), "live", "v1", "<b>ada</b>"],
    ["c-2", "–", "–", "–", "–", "–", "–"],
  ]);
  expect(await cells(page, "Closes by code")).toEqual([
    ["1000 normal", "3"],
    ["4408 too slow", "1"],
  ]);
  expect(await cells(page, "Refusals by code")).toEqual([["unauthorized", "1"]]);
  expect(await cells(page, "Over time")).toEqual([
    ["Opened", "", "+0", "5"],
    ["Closed", "", "+0", "4"],
    ["Refused", "", "+0", "1"],
    ["Resets", "", "+0", "0"],
    ["Replays", "", "+0", "5"],
    ["Deliveries", "", "", "1,234"],
  ]);
  report = {
    objects: [hub({ replays_total: 7 }), hub({ object: "relay:eu", opened_total: { v1: 2 }, closes_total: "?" })],
  };
  await panel(page).getByRole("button", { name: "Refresh" }).click();
  await panel(page).getByRole("region", { name: "relay:eu" }).waitFor();
  expect((await cells(page, "Over time")).map((row) => row.slice(2))).toEqual([
    ["+0", "7"],
    ["+0", "4"],
    ["+0", "2"],
    ["+0", "0"],
    ["+2", "12"],
    ["", "2,468"],
  ]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(asked).toEqual(["Bearer dev-key", "Bearer dev-key"]);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  expect(wrong).toEqual([]);
});

it("[D23] asks when it is opened, and after events came, but nothing on a quiet channel, folded, or without a key", async () => {
  const server = await serveQuietly();
  const page = await browser.newPage();
  stopAfterwards(() => page.close());
  await page.clock.install();
  const { asked } = await answering(page, () => ({ json: { objects: [hub()] } }));
  await page.goto(`${server.url}/live`);
  await inState(page, "connected");
  const emit = async (total: number) => {
    await server.post({ type: "a" });
    await count(page, total);
  };
  await unfold(page);
  await emit(1);
  await page.clock.fastForward(60_000);
  expect(asked).toHaveLength(0); // without a key
  await signIn(page, "dev-key");
  await expect.poll(() => asked.length).toBe(1);
  await page.clock.runFor(300_000);
  expect(asked).toHaveLength(1); // on a quiet channel
  await emit(2);
  await page.clock.runFor(100);
  await expect.poll(() => asked.length).toBe(2);
  await emit(3);
  await emit(4);
  await page.clock.runFor(1_000);
  expect(asked).toHaveLength(2); // within 2 s
  await page.clock.runFor(1_500);
  await expect.poll(() => asked.length).toBe(3); // once for both
  await unfold(page);
  await emit(5);
  await page.clock.runFor(60_000);
  expect(asked).toHaveLength(3); // folded
  await unfold(page);
  await expect.poll(() => asked.length).toBe(4);
});

it("[D23] says why the hub tells nothing, and asks for another key where that may help", async () => {
  const server = await serveQuietly();
  let answer = { status: 403, json: { detail: "Only a key of this hub may see its connections." } as unknown };
  const { page } = await openLive(server, (each) => answering(each, () => answer));
  await unfold(page);
  await signIn(page, "a-token");
  await part(page, "connections-failure").filter({ hasText: "Only a key of this hub" }).waitFor();
  answer = { status: 503, json: { detail: "No key is configured." } };
  await signIn(page, "dev-key");
  await part(page, "connections-failure").filter({ hasText: "No key is configured." }).waitFor();
  expect(await panel(page).getByLabel("Key or token").count()).toBe(0);
  answer = { status: 200, json: { objects: "unknown", more: 1 } };
  await panel(page).getByRole("button", { name: "Refresh" }).click();
  await part(page, "connections-failure").filter({ hasText: "No key" }).waitFor({ state: "detached" });
  expect(await cells(page, "Over time")).toHaveLength(6);
});

it("[D23] shows the connections of a real hub: its own, and one more", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  await openLive(server);
  await server.post({ type: "a" });
  await unfold(page);
  await signIn(page, "dev-key");
  await table(page, "By dialect and state").waitFor();
  const rows = await cells(page, "By dialect and state");
  const live = rows.filter(([dialect, , state]) => dialect === "v1" && state === "live");
  expect(live.reduce((sum, row) => sum + Number(row.at(-1)), 0)).toBe(2);
  expect(await table(page, "The slowest").locator("tbody tr").count()).toBe(2);
  expect(wrong).toEqual([]);
});
