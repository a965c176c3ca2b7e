import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeEvents, encodeWelcome } from "../../src/wire/server-frame.ts";
import { launchBrowser } from "./browser.ts";
import { count, inState, type LivePage, metric, openLivePage, part, rows } from "./open-live.ts";
import type { Server, ServerOptions } from "./server.ts";
import { serve } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const WELCOME = {
  message: "",
  client_id: "",
  timestamp: "",
  channel: "main",
  recovered: null,
  heartbeat_ms: 25_000,
  retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
  ack: null,
};

const serveQuietly = (options: ServerOptions = {}) => serve({ vars: { HEARTBEAT_SECONDS: "0" }, ...options });

/** Once it is connected. */
async function openLive(server: Server, prepare?: (page: Page) => Promise<unknown>): Promise<LivePage> {
  const live = await openLivePage(browser, server, prepare ? { prepare } : {});
  await inState(live.page, "connected");
  return live;
}

it("[H15] shows one POST on two pages", async () => {
  const server = await serveQuietly();
  const pages = [await openLive(server), await openLive(server)];
  await server.post({ type: "news_processed", data: { title: "<b>Hello</b>" } });
  for (const { page, wrong } of pages) {
    await count(page, 1);
    const [row] = await rows(page);
    expect(row).toContain("news_processed");
    expect(row).toContain('{"title":"<b>Hello</b>"}'); // data is text, never markup
    expect(wrong).toEqual([]);
  }
});

it("[D6] [D1] has the cards' last values after a reload, of what was in the log", async () => {
  const server = await serveQuietly();
  await server.post({ type: "news_processed", data: { count: 41 } });
  const { page, wrong } = await openLive(server);
  await count(page, 1);
  expect(await part(page, "news-counter").textContent()).toBe("41");
  expect(wrong).toEqual([]);
});

it("[L4] [K3] [K5] reconnects after a restart of the server, and shows what was emitted meanwhile", async () => {
  const first = await serveQuietly({ keepState: true });
  const { page } = await openLive(first);
  await first.post({ type: "before" });
  await count(page, 1);
  await first.kill();
  await inState(page, "reconnecting");
  const second = await serveQuietly({ port: first.port, persistTo: first.persistTo });
  const { cursor } = (await (await second.post({ type: "meanwhile" })).json()) as { cursor: string };
  expect(cursor).toMatch(/\.2$/);
  await inState(page, "connected");
  await second.post({ type: "after" });
  await count(page, 3);
  expect(await rows(page)).toEqual(["after", "meanwhile", "before"].map((type) => expect.stringContaining(type)));
});

it("[D1] [H15] shows everything in an event as text, and its type and the hub's messages too", async () => {
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  const texts = { title: markup, [markup]: markup };
  await server.post({ type: "digest_created", source: markup, id: markup, data: texts });
  await count(page, 1);
  expect(await part(page, "digest-status").textContent()).toContain(markup);
  const [row] = await rows(page);
  expect(row).toContain(JSON.stringify(texts));
  expect(await page.locator(`[role="option"] .source[title='${markup}']`).count()).toBe(1);

  let refuse = () => {};
  const hostile = await openLive(server, (other) =>
    other.routeWebSocket("**/ws/stream*", (socket) => {
      const cursor = { epoch: "k3x9", seq: 1 };
      const event = { type: markup, data: markup, source: markup, timestamp: markup, id: markup, seq: 1 };
      socket.send(encodeWelcome({ ...WELCOME, cursor: "k3x9.0" }));
      socket.send(encodeEvents(0, cursor, [JSON.stringify(event)]));
      const data = { code: markup, message: markup, ref: null };
      refuse = () => socket.send(JSON.stringify({ type: "reactor_error", data }));
      socket.onMessage(() => {});
    }),
  );
  await count(hostile.page, 1);
  refuse();
  await part(hostile.page, "advice").filter({ hasText: markup }).waitFor(); // the hub's own words come behind the event
  const [texted] = await rows(hostile.page);
  expect(texted).toContain(JSON.stringify(markup)); // its data
  expect(texted?.split(markup)).toHaveLength(2); // its time; type and source are cut, with the whole name as title
  expect(await hostile.page.locator(`[role="option"] [title='${markup}']`).count()).toBe(3);
  for (const each of [page, hostile.page]) {
    expect(await each.locator("#live :is(img, script)").count()).toBe(0);
    expect(await each.title()).toBe("● main · Reactor");
  }
  expect([wrong, hostile.wrong]).toEqual([[], []]);
});

it("[D1] updates its panels on the events of their types", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  expect(await metric(page, "credibility").textContent()).toBe("–");
  await server.post([
    { type: "ai_metrics_updated", data: { credibility: 0.874, importance: 0.5, timestamp: "2026-11-21T12:00:00Z" } },
    { type: "news_processed", data: { count: 41, processing_time_ms: 12 } },
    { type: "digest_created", data: { title: "<i>Morning</i>" } },
    { type: "system_health_check", data: { status: "healthy", uptime_seconds: 3_720 } },
  ]);
  await count(page, 4);
  expect(await metric(page, "credibility").textContent()).toBe("87 %");
  expect(await metric(page, "importance").textContent()).toBe("50 %");
  const time = await page.evaluate(() =>
    new Date("2026-11-21T12:00:00Z").toLocaleTimeString(undefined, { hourCycle: "h23" }),
  );
  expect(await metric(page, "timestamp").textContent()).toBe(time);
  expect(await part(page, "metrics").textContent()).toContain("87 %");
  expect(await part(page, "news-counter").textContent()).toBe("41");
  expect(await part(page, "digest-status").textContent()).toMatch(/created.*<i>Morning<\/i>/);
  expect(await part(page, "system-status").textContent()).toMatch(/healthy.*1 h 2 min/);
  await server.post([{ type: "news_processed" }, { type: "digest_published", data: { title: "Morning" } }]);
  await count(page, 6);
  expect(await part(page, "news-counter").textContent()).toBe("42");
  expect(await part(page, "digest-status").textContent()).toContain("published");
  expect(wrong).toEqual([]);
});

it("[D2] sends a test event with the operator's key, asks again if it is refused, and stores it nowhere", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  const key = page.locator('input[type="password"]');
  await part(page, "send-test").click();
  await key.fill("wrong");
  await key.press("Enter");
  const refused = await server.post({ type: "a" }, { key: "wrong" });
  const { detail } = (await refused.json()) as { detail: string };
  await part(page, "test-result").filter({ hasText: detail }).waitFor();
  await key.fill("dev-key");
  await key.press("Enter");
  await count(page, 1);
  expect((await rows(page))[0]).toContain("test_event");
  await part(page, "test-result")
    .filter({ hasText: /Sent: .*\.1\./ })
    .waitFor();
  await part(page, "send-test").click(); // the key is known now
  await count(page, 2);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
  await page.reload();
  await part(page, "send-test").click();
  await key.waitFor();
});

/** What a browser does that was asked for notifications; those that the page shows are kept in `shown`. */
function answerNotifications(permission: NotificationPermission) {
  return (page: Page) =>
    page.addInitScript((answer) => {
      const shown: unknown[] = [];
      class Shown {
        static requestPermission = async () => answer;
        constructor(title: string, { body }: NotificationOptions) {
          shown.push([title, body]);
        }
      }
      Object.assign(window, { Notification: Shown, shown });
    }, permission);
}

it("[D2] notifies of events while it is in the background, if allowed, and only if switched on", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, answerNotifications("granted"));
  const shown = () => page.evaluate(() => (window as unknown as { shown: unknown[] }).shown);
  const hide = (hidden: boolean) =>
    page.evaluate((value) => Object.defineProperty(document, "hidden", { value, configurable: true }), hidden);
  const post = async (nth: number) => {
    await server.post({ type: "digest_published", data: { nth } });
    await count(page, nth);
  };
  await hide(true);
  await post(1);
  expect(await shown()).toEqual([]);
  await part(page, "notifications").click();
  await page.locator('[data-reactor="notifications"][aria-pressed="true"]').waitFor();
  await post(2);
  await hide(false);
  await post(3);
  await hide(true);
  await part(page, "notifications").click();
  await post(4);
  expect(await shown()).toEqual([["digest_published", '{"nth":2}']]);
});

it("[D2] reports that the browser refuses notifications", async () => {
  const { page } = await openLive(await serveQuietly(), answerNotifications("denied"));
  await part(page, "notifications").click();
  await part(page, "notifications-status").filter({ hasText: "does not allow" }).waitFor();
  expect(await part(page, "notifications").getAttribute("aria-pressed")).toBe("false");
});

it("[H16] reports an invalid channel, and requests nothing from the hub", async () => {
  const { page, wrong, addresses } = await openLivePage(browser, await serveQuietly(), { query: "?channel=%3Cb%3E" });
  await part(page, "no-channel").filter({ hasText: "“<b>” is not a valid channel name" }).waitFor();
  expect(addresses.filter((address) => address.includes("/ws/"))).toEqual([]);
  expect(wrong).toEqual([]);
});
