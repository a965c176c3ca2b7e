// `/live` of a hub that requires a key or a token.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../tools/token/mint-token.ts";
import { launchBrowser } from "./browser.ts";
import { count, inState, openLivePage, part, rows } from "./open-live.ts";
import { serve } from "./stops.ts";

const KEY = "a-key.of_this-hub";
const SECRETS = { REACTOR_JWT_SECRET: "a secret of at least thirty-two bytes, for tests" };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const serveClosed = () => serve({ vars: { HEARTBEAT_SECONDS: "0", REACTOR_API_KEY: KEY, ...SECRETS } });

const tokenOf = (events: string, expires = "1h") =>
  mintToken({ sub: "ada", expires, channels: "main", events }, SECRETS);

async function show(page: Page, credential: string): Promise<void> {
  const field = page.getByLabel("Key or token");
  await field.fill(credential);
  await field.press("Enter");
}

const saying = (page: Page, words: string | RegExp) => part(page, "access-why").filter({ hasText: words }).waitFor();

it("[D3] [T11] asks for a key, shows why it is refused, and uses it for everything, only in headers and memory", async () => {
  const server = await serveClosed();
  const { page, wrong, addresses } = await openLivePage(browser, server);
  await saying(page, "This hub requires a key or token. Reading requires a token or a key: send one.");
  await inState(page, "closed");
  expect(await part(page, "send-test").count()).toBe(0); // operators' buttons come with the key
  await show(page, "wrong");
  await saying(page, "does not accept this key or token. The credential is neither a key of this hub nor a JWT.");
  await show(page, "not/for+sockets=");
  await saying(page, "openssl rand -hex 32");
  const asked = page.waitForRequest(/\/ws\/stats$/);
  await show(page, ` ${KEY} `);
  await inState(page, "connected");
  expect(await part(page, "access").count()).toBe(0);
  expect((await asked).headers().authorization).toBe(`Bearer ${KEY}`);
  await part(page, "hub-counts").filter({ hasText: "Connected1" }).waitFor();
  await part(page, "send-test").click();
  await count(page, 1);
  expect((await rows(page))[0]).toContain("test_event");
  expect(addresses.filter((address) => address.includes(KEY) || address.includes("token"))).toEqual([]);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
  expect(wrong).toEqual([]);
  await page.reload();
  await saying(page, "This hub requires a key or token");
});

it("[D3] [T13] shows what a token may receive, and asks for a key if the token may not emit", async () => {
  const server = await serveClosed();
  const { page } = await openLivePage(browser, server);
  await show(page, await tokenOf("news_*"));
  await inState(page, "connected");
  await server.post([{ type: "secret_plan" }, { type: "news_processed" }], { key: KEY });
  await count(page, 1);
  await part(page, "send-test").click();
  await part(page, "test-result").filter({ hasText: "This token may not emit" }).waitFor();
  await show(page, KEY);
  await part(page, "test-result").filter({ hasText: "Sent as " }).waitFor();
  expect(await rows(page)).toEqual([expect.stringContaining("news_processed")]); // the stream is still the token's
});

it("[D3] [T6] shows that a valid token is not for the channel", async () => {
  const { page } = await openLivePage(browser, await serveClosed(), { query: "?channel=board" });
  await show(page, await tokenOf("*"));
  await saying(page, "This key or token is valid, but does not allow this. This token is not valid for this channel.");
});

it("[D3] [T15] asks for a fresh token before its token expires, and continues at its cursor", async () => {
  const server = await serveClosed();
  const { page } = await openLivePage(browser, server);
  await show(page, await tokenOf("*", "6s"));
  await inState(page, "connected");
  await server.post({ type: "before" }, { key: KEY });
  await saying(page, "Enter a fresh one");
  await server.post({ type: "meanwhile" }, { key: KEY });
  await count(page, 2);
  await show(page, await tokenOf("*"));
  await part(page, "access").waitFor({ state: "detached" });
  await server.post({ type: "after" }, { key: KEY });
  await count(page, 3);
  expect(await rows(page)).toEqual(["after", "meanwhile", "before"].map((type) => expect.stringContaining(type)));
});
