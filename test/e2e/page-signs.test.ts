// A page whose network goes and comes, in a real browser: what the browser says of it counts, not the client's timers alone.
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

/** Less than the 35 s that a dead line takes to be found by pings alone. */
const SOON = { timeout: 15_000 };

it.each([
  ["client.js", 'const { connect } = await import("HUB/static/js/client.js"); connect("HUB").onState(note);'],
  [
    "reactor.js",
    'await new Promise((resolve) => document.head.append(Object.assign(document.createElement("script"), ' +
      '{ src: "HUB/static/js/reactor.js", onload: resolve }))); ' +
      'addEventListener("reactor_connected", () => note("connected")); ' +
      'addEventListener("reactor_disconnected", () => note("reconnecting")); ' +
      'if (window.reactor.getStatus().connected) note("connected");',
  ],
])("[K19] finds a line dead, and comes back, when the page of %s is back on the network", async (_name, script) => {
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0" } });
  const proxy = await startProxy(server.port);
  stopAfterwards(() => proxy.close());
  const code = script.replaceAll("HUB", proxy.url);
  const html = `<!doctype html><script type="module">
    const note = (state) => console.log(state);
    ${code}
  </script>`;
  const { page, printed } = await openOwnPage(browser, server, html);
  await expect.poll(() => printed).toContain("connected");
  proxy.freeze();
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect.poll(() => printed, SOON).toContain("reconnecting");
  proxy.thaw();
  await page.context().setOffline(true);
  await page.context().setOffline(false);
  await expect.poll(() => printed.filter((state) => state === "connected").length, { timeout: 40_000 }).toBe(2);
});
