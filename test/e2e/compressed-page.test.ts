// A page in a real browser that takes frames of both forms from the hub, across a sleep of the hub and a reconnect.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { openOwnPage } from "./own-page.ts";
import { serve, stopAfterwards } from "./stops.ts";
import { startProxy } from "./tcp-proxy.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Prints the form of each frame of events, and what the client delivers. */
const html = (hub: string) => `<!doctype html><script type="module">
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        if (typeof data === "object") console.log("compressed");
        else if (data.includes('"events":[{')) console.log("text");
      });
    }
  };
  const { connect } = await import("${hub}/static/js/client.js");
  const reactor = connect("${hub}");
  reactor.onState((state) => console.log(state));
  reactor.onError(({ message }) => console.log(message));
  reactor.on("news_processed", ({ data }) => console.log(data.n));
</script>`;

it("[F14] [K35] [S4] [R2] delivers frames of both forms to a page, each event once, across a sleep and a reconnect", async () => {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0" } });
  const proxy = await startProxy(server.port);
  stopAfterwards(() => proxy.close());
  const { printed, errors } = await openOwnPage(browser, server, html(proxy.url));
  const shows = (line: string) => expect.poll(() => printed, { timeout: 15_000 }).toContain(line);
  const title = "Parliament votes on the budget after a night of talks in the capital";
  const emit = (n: number) => server.post({ type: "news_processed", data: { n, title } });
  const emitAndSee = async (n: number) => {
    await emit(n);
    await shows(String(n));
  };
  const join = async () => {
    const socket = new WebSocket(`${server.wsUrl}/ws/stream?events=news_processed`, [
      "reactor.v1.deflate",
      "reactor.v1",
    ]);
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
    return socket;
  };
  await shows("connected");
  await emitAndSee(1);
  const others = [await join(), await join()];
  await emitAndSee(2);
  await server.evict();
  await emitAndSee(3);
  proxy.freeze();
  proxy.cut();
  await emit(4);
  await emit(5);
  proxy.thaw();
  await shows("5");
  await emitAndSee(6);
  for (const socket of others) socket.close();
  await expect.poll(async () => (await (await fetch(`${server.url}/ws/stats`)).json()).connected_clients).toBe(1);
  await emitAndSee(7);
  expect(printed.filter((line) => /^\d/.test(line))).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  const forms = printed.filter((line) => line === "text" || line === "compressed");
  expect(forms).toEqual(["text", "compressed", "compressed", "text", "compressed", "text"]);
  expect([printed.filter((line) => line === "connected").length, errors]).toEqual([2, []]);
});
