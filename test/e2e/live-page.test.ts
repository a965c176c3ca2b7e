import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeEvents, encodeWelcome } from "../../src/wire/server-frame.ts";
import { launchBrowser } from "./browser.ts";
import { count, inState, type LivePage, openLivePage, part, rows } from "./open-live.ts";
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

it("[H16] reports an invalid channel, and requests nothing from the hub", async () => {
  const { page, wrong, addresses } = await openLivePage(browser, await serveQuietly(), { query: "?channel=%3Cb%3E" });
  await part(page, "no-channel").filter({ hasText: "“<b>” is not a valid channel name" }).waitFor();
  expect(addresses.filter((address) => address.includes("/ws/"))).toEqual([]);
  expect(wrong).toEqual([]);
});
