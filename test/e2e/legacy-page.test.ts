import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { WindowReactor } from "../../src/client/legacy/window-reactor.ts";
import { launchBrowser } from "./browser.ts";
import { type OwnPage, openOwnPage } from "./own-page.ts";
import type { Server } from "./server.ts";
import { serve } from "./stops.ts";

declare global {
  interface Window {
    readonly reactor: WindowReactor;
    readonly received: [how: string, what: Record<string, unknown>][];
    readonly onNews: (data: unknown) => void;
  }
}

let browser: Browser;
let html: string;
beforeAll(async () => {
  browser = await launchBrowser();
  html = await readFile(join(import.meta.dirname, "pages/legacy-page.html"), "utf8");
});
afterAll(() => browser.close());

function openLegacyPage(server: Server, { head = "" } = {}): Promise<OwnPage> {
  return openOwnPage(browser, server, html.replace("<head>", `<head>${head}`));
}

async function openConnected(server: Server): Promise<OwnPage> {
  const opened = await openLegacyPage(server);
  await until(opened.page, "reactor_connected", 1);
  return opened;
}

const received = (page: Page, how: string) =>
  page.evaluate((name) => window.received.filter(([own]) => own === name).map(([, what]) => what), how);

/** Waits until the page has received at least `count` of `how`. */
const until = (page: Page, how: string, count: number) =>
  page.waitForFunction(
    ([name, n]) => window.received.filter(([own]) => own === name).length >= Number(n),
    [how, count],
  );

const reactor = <T>(page: Page, use: (reactor: WindowReactor) => T) => page.evaluate<T>(`(${use})(window.reactor)`);

const clients = async (server: Server) => (await (await fetch(`${server.url}/ws/stats`)).json()).connected_clients;

it("[W1] [W2] [W3] [W5] delivers an event to every kind of listener of a legacy page", async () => {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0" } });
  const { page, streamUrl, sockets } = await openConnected(server);
  expect(await received(page, "reactor_connected")).toEqual([
    expect.objectContaining({
      message: "Connected to PulseAI Reactor",
      client_id: expect.any(String),
      timestamp: expect.any(Number),
    }),
  ]);
  const status = { connected: true, readyState: 1, reconnectAttempts: 0, url: streamUrl };
  expect(await reactor(page, (it) => it.getStatus())).toEqual(status);
  await server.post({ type: "news_processed", data: { n: 7 }, source: "crawler", id: "story-7" });
  await until(page, "reactor:news_processed", 1);
  const envelope = { type: "news_processed", data: { n: 7 }, source: "crawler", id: "story-7", seq: 1 };
  expect((await page.evaluate(() => window.received)).slice(1)).toEqual([
    ["news_processed", { n: 7 }],
    ["handler", { n: 7 }],
    ["callback", { n: 7 }],
    [
      "reactor:news_processed",
      {
        ...envelope,
        timestamp: expect.any(String),
        event: "news_processed",
        originalEvent: { ...envelope, timestamp: expect.any(String) },
      },
    ],
  ]);
  expect(await page.locator("#news").textContent()).toBe("7");
  expect(sockets).toEqual([streamUrl]);
  expect(await clients(server)).toBe(1);
});

it("[W3] [W4] removes callbacks, and continues when a handler throws", async () => {
  const server = await serve();
  const { page, errors } = await openConnected(server);
  await page.evaluate(() => window.reactor.off("news_processed", window.onNews));
  await server.post([{ type: "digest_created" }, { type: "news_processed", data: { n: 1 } }]);
  await until(page, "reactor:news_processed", 1);
  expect(await received(page, "callback")).toEqual([]);
  expect(await received(page, "handler")).toEqual([{ n: 1 }]);
  expect(errors).toEqual(["a handler's own"]); // the page's own error handling receives it
});

it("[W5] [L4] misses nothing and doubles nothing across a crash of the server", async () => {
  const first = await serve({ keepState: true });
  const { page } = await openConnected(first);
  for (let n = 1; n <= 3; n++) await first.post({ type: "news_processed", data: { n } });
  await until(page, "news_processed", 3);
  await first.kill();
  await until(page, "reactor_disconnected", 1);
  expect(await page.locator("#status").textContent()).toBe("disconnected 1006");
  const second = await serve({ port: first.port, persistTo: first.persistTo });
  await second.post(Array.from({ length: 200 }, (_, n) => ({ type: "news_processed", data: { n: n + 4 } })));
  await until(page, "reactor_connected", 2);
  await second.post({ type: "news_processed", data: { n: 204 } });
  await until(page, "news_processed", 204);
  const everything = Array.from({ length: 204 }, (_, n) => ({ n: n + 1 }));
  for (const how of ["news_processed", "handler", "callback"]) expect(await received(page, how)).toEqual(everything);
  expect(await received(page, "reactor_disconnected")).toEqual([
    { code: 1006, reason: expect.any(String), timestamp: expect.any(String) },
  ]);
  expect(await received(page, "reactor_connected")).toHaveLength(2);
  expect(await received(page, "reactor_reset")).toEqual([]);
  expect(await page.locator("#status").textContent()).toBe("connected");
});

it("[W9] gives up after its limit of attempts, and continues after connect() with nothing missed", async () => {
  const first = await serve({ keepState: true });
  const { page } = await openConnected(first);
  await first.post({ type: "news_processed", data: { n: 1 } });
  await until(page, "news_processed", 1);
  await reactor(page, (it) => {
    it.config.maxReconnectAttempts = 2;
  });
  await first.kill();
  await until(page, "reactor_failed", 1);
  expect(await received(page, "reactor_failed")).toMatchObject([{ attempts: 2 }]);
  expect(await received(page, "reactor_error")).toHaveLength(2);
  const second = await serve({ port: first.port, persistTo: first.persistTo });
  await second.post({ type: "news_processed", data: { n: 2 } });
  expect(await reactor(page, (it) => it.getStatus().connected)).toBe(false);
  await reactor(page, (it) => it.connect());
  await until(page, "news_processed", 2);
  expect(await received(page, "news_processed")).toEqual([{ n: 1 }, { n: 2 }]);
});

it("[W1] does not connect if reactorEnabled is false, until the page calls connect()", async () => {
  const server = await serve();
  const { page, sockets } = await openLegacyPage(server, { head: "<script>window.reactorEnabled = false;</script>" });
  expect(await reactor(page, (it) => it.getStatus())).toMatchObject({ connected: false, readyState: 3 });
  expect([sockets, await clients(server)]).toEqual([[], 0]);
  await reactor(page, (it) => it.connect());
  await until(page, "reactor_connected", 1);
  expect(sockets).toHaveLength(1);
});

it("[W6] receives only what it has subscribed to, and the heartbeat", async () => {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "1" } });
  const { page } = await openConnected(server);
  await reactor(page, (it) => it.subscribe("news_processed"));
  await until(page, "reactor_subscribed", 1);
  await server.post([{ type: "digest_created" }, { type: "news_processed", data: { n: 1 } }]);
  await until(page, "news_processed", 1);
  await until(page, "reactor_heartbeat", 1);
  expect(await received(page, "digest_created")).toEqual([]);
  await reactor(page, (it) => it.subscribe(["digest_created"]));
  await until(page, "reactor_subscribed", 2);
  await server.post([{ type: "user_action" }, { type: "digest_created" }, { type: "news_processed", data: { n: 2 } }]);
  await until(page, "news_processed", 2);
  expect(await received(page, "digest_created")).toEqual([{}]);
});

it("[W7] [W10] surfaces what the hub refuses, emits only inside the page, and pings", async () => {
  const server = await serve();
  const { page } = await openConnected(server);
  expect(await reactor(page, (it) => it.send("make_coffee", { cups: 2 }))).toBe(true);
  await until(page, "reactor_error", 1);
  expect(await received(page, "reactor_error")).toEqual([
    expect.objectContaining({ code: "unknown_message", message: expect.any(String) }),
  ]);
  await reactor(page, (it) => it.emit("page_event", { n: 1 }));
  expect(await received(page, "page_event")).toEqual([{ n: 1 }]);
  expect(await reactor(page, (it) => it.ping())).toBeGreaterThan(0);
  expect(await reactor(page, (it) => [it.joinRoom("news"), it.leaveRoom("news")])).toEqual([false, false]);
  const { ws_events_emitted_total } = await (await fetch(`${server.url}/ws/stats`)).json();
  expect(ws_events_emitted_total).toBe(0);
  expect(await reactor(page, (it) => it.getStatus().connected)).toBe(true);
});

it("[W5] [W8] disconnects with the page, or by disconnect(), and continues at its cursor when it reconnects", async () => {
  const server = await serve();
  const { page } = await openConnected(server);
  await reactor(page, (it) => it.disconnect());
  await expect.poll(() => clients(server)).toBe(0);
  await server.post([{ type: "pagehide" }, { type: "news_processed", data: { n: 1 } }]);
  await reactor(page, (it) => it.connect());
  await until(page, "news_processed", 1);
  // An event of the hub is no sign of the page, whatever its type is.
  expect([await reactor(page, (it) => it.getStatus().connected), await clients(server)]).toEqual([true, 1]);
  expect(await received(page, "reactor_disconnected")).toMatchObject([{ code: 1000 }]);
  await page.goto("about:blank");
  await expect.poll(() => clients(server)).toBe(0);
});

it("[W1] has one connection, however often the page includes the script", async () => {
  const server = await serve();
  const { page, sockets } = await openLegacyPage(server, { head: '<script src="/static/js/reactor.js"></script>' });
  await until(page, "reactor_connected", 1);
  await server.post({ type: "news_processed", data: { n: 1 } });
  await until(page, "reactor:news_processed", 1);
  expect([sockets.length, await clients(server), await received(page, "news_processed")]).toEqual([1, 1, [{ n: 1 }]]);
});
