// Pages of another origin than the hub's, in a real browser. Their scripts find the hub by their own address; a page of an
// origin that is not allowed is told so once, and stays away.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { openOwnPage } from "./own-page.ts";
import { serve } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Opens a page that prints each change, beside a hub that allows only another origin. */
async function openForeign(pageOf: (hub: string) => string) {
  const server = await serve({ vars: { ALLOWED_ORIGINS: "https://app.example.org" } });
  const opened = await openOwnPage(browser, server, pageOf(server.url));
  const reason = `Origin ${originOf(opened.page)} is not allowed: ALLOWED_ORIGINS of this hub does not list it.`;
  return { ...opened, reason };
}

const originOf = (page: Page) => new URL(page.url()).origin;

it("[S9] [K3] reports a foreign origin once to a page with the client, which stays away", async () => {
  const { printed, sockets, reason } = await openForeign(
    (hub) => `<!doctype html><script type="module">
      import { createReactor } from "${hub}/static/js/client.js";
      const reactor = createReactor({ url: "${hub}" });
      reactor.onState((state, lost) => console.log(state, lost?.code, lost?.reason));
      reactor.open();
    </script>`,
  );
  await expect.poll(() => printed).toHaveLength(2);
  expect(printed).toEqual(["connecting undefined undefined", `closed 4503 ${reason}`]);
  expect(sockets).toHaveLength(1);
});

it("[S9] [W9] reports a foreign origin to a legacy page, which gives up at once", async () => {
  const { printed, sockets, reason } = await openForeign(
    (hub) => `<!doctype html><script>
      for (const type of ["reactor_connected", "reactor_disconnected", "reactor_error", "reactor_failed"])
        window.addEventListener(type, ({ detail }) => console.log(type, detail.code, detail.reason ?? detail.message));
    </script><script src="${hub}/static/js/reactor.js"></script>`,
  );
  await expect.poll(() => printed.at(-1)).toBe(`reactor_failed 4503 ${reason}`);
  expect(printed.slice(0, -1)).toEqual([
    `reactor_error connection_failed The connection could not be opened (4503 ${reason}).`,
  ]);
  expect(sockets).toHaveLength(1);
});

it.each([
  [
    "client.js",
    '<script type="module">import { connect } from "HUB/static/js/client.js"; connect({ channel: "main" });</script>',
  ],
  ["reactor.js", '<script src="HUB/static/js/reactor.js"></script>'],
  ["reactor.js, deferred", '<script defer src="HUB/static/js/reactor.js"></script>'],
])("[K17] [W1] finds a hub on another host by the address of %s", async (_name, html) => {
  const server = await serve();
  const { page, sockets, frames } = await openOwnPage(
    browser,
    server,
    `<!doctype html>${html.replace("HUB", server.url)}`,
  );
  await expect.poll(() => frames.length).toBeGreaterThan(0);
  expect(originOf(page)).not.toBe(server.url);
  expect(sockets.map((url) => new URL(url).origin)).toEqual([server.wsUrl]);
});

it("[W1] connects to the page's own server if the text of reactor.js is part of the page", async () => {
  const server = await serve();
  const script = await (await fetch(`${server.url}/static/js/reactor.js`)).text();
  const { sockets, streamUrl, frames } = await openOwnPage(
    browser,
    server,
    `<!doctype html><script>${script}</script>`,
  );
  await expect.poll(() => frames.length).toBeGreaterThan(0);
  expect(sockets).toEqual([streamUrl]);
});
