// Pages of an origin that the hub does not allow, in a real browser: they are told so once, and stay away.
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
