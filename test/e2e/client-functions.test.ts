// The functions beside `connect`, against the built hub: in this process, over a network that breaks, and on pages of a real browser.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, events, type Reactor, replay } from "../../src/client/index.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import { launchBrowser } from "./browser.ts";
import { openOwnPage } from "./own-page.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";
import { startProxy } from "./tcp-proxy.ts";

const SECRETS = { REACTOR_JWT_SECRET: "a secret of at least thirty-two bytes, for tests" };
const PATIENCE = { timeout: 30_000 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const QUIET = { HEARTBEAT_SECONDS: "0" };

/** Emits batches of `news_a` and `other` until the returned function is called. @returns how many there were of `news_a` */
function publish(server: Server): () => Promise<number> {
  let count = 0;
  let isOver = false;
  const publishing = (async () => {
    while (!isOver) {
      await server.post([{ type: "news_a", data: ++count }, { type: "other" }, { type: "news_a", data: ++count }]);
    }
  })();
  return async () => {
    isOver = true;
    await publishing;
    return count;
  };
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

it("[K30] joins the log and the socket without a gap or a double, while events come and the network breaks", async () => {
  const server = await serve({ vars: { ...QUIET, ...SECRETS } });
  const proxy = await startProxy(server.port);
  stopAfterwards(() => proxy.close());
  const token = () => mintToken({ sub: "ada", events: "*", expires: "1h" }, SECRETS);
  const reactor = connect({ url: proxy.url, events: ["nothing"], token });
  stopAfterwards(() => reactor.close());
  const stop = publish(server);
  const records: unknown[][] = [];
  /** Each changes the subscription; the hub is asked for it among the events. */
  const listen = (pattern: string) => {
    const record: unknown[] = [];
    replay(reactor, pattern, ({ data }) => record.push(data), { since: "0.0" });
    records.push(record);
  };
  for (let round = 0; round < 12; round++) {
    listen(`news_${"*".repeat(1 + (round % 3))}${round % 2 ? "a" : ""}`);
    await expect.poll(() => records.at(-1)?.length, PATIENCE).toBeGreaterThan(0);
    if (round % 4 === 3) proxy.cut();
  }
  const count = await stop();
  for (const record of records) await expect.poll(() => record.length, PATIENCE).toBeGreaterThanOrEqual(count);
  for (const record of records) expect(record).toEqual(upTo(count));
});

it("[K30] begins with the newest events that its token may read", async () => {
  const server = await serve({ vars: { ...QUIET, ...SECRETS } });
  await server.post(upTo(9).map((data) => ({ type: data % 2 ? "news_a" : "digest", data })));
  const token = await mintToken({ sub: "ada", events: "news_*", expires: "1h" }, SECRETS);
  const reactor = connect({ url: server.url, token });
  stopAfterwards(() => reactor.close());
  const heard: unknown[] = [];
  replay(reactor, "*", ({ data }) => heard.push(data), { last: 3 });
  await expect.poll(() => heard, PATIENCE).toEqual([5, 7, 9]);
  await server.post({ type: "news_a", data: 11 });
  await expect.poll(() => heard, PATIENCE).toEqual([5, 7, 9, 11]);
});

it("[K29] loops over every event, though each takes its time, and ends with the connection", async () => {
  const server = await serve({ vars: QUIET });
  const reactor: Reactor = connect(server.url);
  stopAfterwards(() => reactor.close());
  const heard: unknown[] = [];
  const looped = (async () => {
    for await (const { data } of events(reactor, "news_*")) {
      await server.post({ type: "other" });
      heard.push(data);
    }
  })();
  await expect.poll(() => reactor.state).toBe("connected");
  for (let first = 1; first < 60; first += 20) {
    await server.post(upTo(20).map((n) => ({ type: "news_a", data: first + n - 1 })));
  }
  await expect.poll(() => heard.length, PATIENCE).toBe(60);
  reactor.close();
  await looped;
  expect(heard).toEqual(upTo(60));
});

it("[K32] misses nothing over a reload, and hears nothing twice", async () => {
  const server = await serve({ vars: QUIET });
  const html = `<!doctype html><script type="module">
    import { connect, keepCursor } from "/static/js/client.js";
    const reactor = connect();
    keepCursor(reactor);
    reactor.on("news_*", ({ data }) => console.log(data));
    reactor.onState((state) => console.log(state));
  </script>`;
  const { page, printed } = await openOwnPage(browser, server, html);
  const news = () => printed.filter((line) => line !== "connected");
  await expect.poll(() => printed).toContain("connected");
  await server.post({ type: "news_a", data: "before" });
  await expect.poll(news).toEqual(["before"]);
  const url = page.url();
  await page.goto("about:blank");
  await server.post({ type: "news_a", data: "meanwhile" });
  await page.goto(url);
  await expect.poll(news).toEqual(["before", "meanwhile"]);
  await server.post({ type: "news_a", data: "after" });
  await expect.poll(news).toEqual(["before", "meanwhile", "after"]);
});

it("[K34] opens one socket for parts of a page, and closes it with the last", async () => {
  const server = await serve({ vars: QUIET });
  const html = `<!doctype html><script type="module">
    import { share } from "/static/js/client.js";
    window.parts = [share(), share(), share()];
    parts.forEach((part, n) => part.on("news_*", ({ data }) => console.log(n + " " + data)));
    parts[0].onState((state) => console.log(state));
  </script>`;
  const { page, printed, sockets } = await openOwnPage(browser, server, html);
  await expect.poll(() => printed).toContain("connected");
  const clients = async () => (await (await fetch(`${server.url}/ws/stats`)).json()).connected_clients;
  expect([sockets.length, await clients()]).toEqual([1, 1]);
  await page.evaluate("parts[0].close()");
  await server.post({ type: "news_a", data: "x" });
  await expect.poll(() => printed).toEqual(["connected", "closed", "1 x", "2 x"]);
  await page.evaluate("parts[1].close(), parts[2].close()");
  await expect.poll(clients).toBe(0);
});
