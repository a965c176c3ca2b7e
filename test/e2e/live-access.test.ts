// `/live` of a hub that requires a key or a token.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../tools/token/mint-token.ts";
import { axeEverywhere } from "./axe.ts";
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
  await inState(page, "closed");
  await page.getByRole("heading", { name: "Sign in to this hub" }).waitFor();
  expect(await page.getByLabel("Key or token").evaluate((field) => field === document.activeElement)).toBe(true);
  expect(await part(page, "access-hint").textContent()).toContain("“dev-key”"); // the hub is on this machine
  expect(await page.locator("main button").allInnerTexts()).toEqual(["Sign in"]); // operators' buttons come with the key
  expect(await page.title()).toBe("○ main: Sign in · Reactor");
  await show(page, "wrong");
  await saying(page, "was not accepted. The credential is neither a key of this hub nor a JWT.");
  await show(page, "not/for+sockets=");
  await saying(page, "openssl rand -hex 32");
  const asked = page.waitForRequest(/\/ws\/stats$/);
  await show(page, ` ${KEY} `);
  await inState(page, "connected");
  expect(await part(page, "access").count()).toBe(0);
  expect((await asked).headers().authorization).toBe(`Bearer ${KEY}`);
  await part(page, "hub-counts").filter({ hasText: "Clients1" }).waitFor();
  await part(page, "send-test").click();
  await count(page, 1);
  expect((await rows(page))[0]).toContain("test_event");
  expect(addresses.filter((address) => address.includes(KEY) || address.includes("token"))).toEqual([]);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, ""]);
  expect(wrong).toEqual([]);
  await page.reload();
  await part(page, "access").waitFor();
});

it("[D3] [D22] asks for each of two channels, the first of which has the focus", async () => {
  const { page } = await openLivePage(browser, await serveClosed(), { query: "?channel=a&beside=b" });
  const fields = page.getByLabel("Key or token");
  await expect.poll(() => fields.count()).toBe(2);
  const focused = () => fields.evaluateAll((all) => all.map((each) => each === document.activeElement));
  await expect.poll(focused).toEqual([true, false]);
  await page.getByText("Key or token").last().click();
  expect(await focused()).toEqual([false, true]); // each label is of its own field
});

it("[D3] stays signed in on the tab if the visitor wants it, until the visitor signs out", async () => {
  const server = await serveClosed();
  const { page, addresses } = await openLivePage(browser, server);
  const kept = () => page.evaluate(() => [localStorage.length, { ...sessionStorage }]);
  const keep = page.getByLabel("Keep me signed in on this tab");
  expect(await keep.isChecked()).toBe(false);
  await keep.check();
  await show(page, "wrong");
  await saying(page, "was not accepted");
  expect(await kept()).toEqual([0, {}]);
  await show(page, KEY);
  await inState(page, "connected");
  expect(await kept()).toEqual([0, { "reactor:credential": KEY }]);
  await page.reload();
  await inState(page, "connected");
  const other = await openLivePage(browser, server); // another tab
  await part(other.page, "access").waitFor();
  await part(page, "sign-out").click();
  await part(page, "access").waitFor();
  expect(await kept()).toEqual([0, {}]);
  expect(addresses.filter((address) => address.includes(KEY))).toEqual([]);
});

it("[D3] forgets a credential of the tab that the hub no longer accepts", async () => {
  const first = await serveClosed();
  const { page } = await openLivePage(browser, first);
  await page.getByLabel("Keep me signed in on this tab").check();
  await show(page, KEY);
  await inState(page, "connected");
  await first.stop();
  await serve({ port: first.port, vars: { HEARTBEAT_SECONDS: "0", REACTOR_API_KEY: "another-key", ...SECRETS } });
  await saying(page, "was not accepted");
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

it("[D18] has no accessibility violation while it is locked, and when a key was refused", async () => {
  const { page } = await openLivePage(browser, await serveClosed());
  await part(page, "access").waitFor();
  expect(await axeEverywhere(page)).toEqual([]);
  await show(page, "wrong");
  await saying(page, "was not accepted");
  expect(await axeEverywhere(page)).toEqual([]);
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
  await saying(page, "That key or token is valid, but does not allow this. This token is not valid for this channel.");
});

it("[D3] [T15] asks for a fresh token before its token expires, and continues at its cursor", async () => {
  const server = await serveClosed();
  const { page } = await openLivePage(browser, server);
  await show(page, await tokenOf("*", "6s"));
  await inState(page, "connected");
  await server.post({ type: "before" }, { key: KEY });
  await saying(page, "Paste a new one");
  await server.post({ type: "meanwhile" }, { key: KEY });
  await count(page, 2);
  await show(page, await tokenOf("*"));
  await part(page, "access").waitFor({ state: "detached" });
  await server.post({ type: "after" }, { key: KEY });
  await count(page, 3);
  expect(await rows(page)).toEqual(["after", "meanwhile", "before"].map((type) => expect.stringContaining(type)));
});
