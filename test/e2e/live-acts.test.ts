// What an operator does at `/live`: emit events, be notified, go from channel to channel, by mouse or keyboard.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { count, inState, type LivePage, openLivePage, part, rows } from "./open-live.ts";
import type { Server, ServerOptions } from "./server.ts";
import { serve } from "./stops.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const PHONE = { width: 390, height: 844 };

const serveQuietly = (options: ServerOptions = {}) => serve({ vars: { HEARTBEAT_SECONDS: "0" }, ...options });

interface Opening {
  readonly prepare?: (page: Page) => Promise<unknown>;
  readonly query?: string;
}

/** Once all its channels are connected. */
async function openLive(server: Server, opening: Opening = {}): Promise<LivePage> {
  const live = await openLivePage(browser, server, opening);
  await live.page.locator('[data-state="connected"]').first().waitFor();
  const others = live.page.locator('[data-reactor="connection-status"]:not([data-state="connected"])');
  await expect.poll(() => others.count()).toBe(0);
  return live;
}

const inChannel = (page: Page, name: string) => page.locator(`[data-channel="${name}"]`);
const typeField = (page: Page) => page.getByRole("combobox", { name: "Type" });
const dataField = (page: Page) => page.getByLabel("Data (JSON)");
const keyField = (page: Page) => page.locator('input[type="password"]');
const sent = (page: Page, words: string | RegExp) => part(page, "emit-result").filter({ hasText: words }).waitFor();
const stored = (page: Page) => page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }, document.cookie]);

async function eventsOf(server: Server, channel = "main"): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${server.url}/api/events?channel=${channel}`);
  return ((await answer.json()) as { events: Record<string, unknown>[] }).events;
}

async function fillEvent(page: Page, type: string, data: string): Promise<void> {
  await part(page, "emit").locator("summary").click();
  await typeField(page).fill(type);
  await dataField(page).fill(data);
}

it("[D2] sends a test event with the operator's key, asks again if it is refused, and stores it nowhere", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  const key = keyField(page);
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
    .filter({ hasText: /^Sent as .*\.1\.$/ })
    .waitFor();
  await part(page, "send-test").click(); // the key is known now
  await count(page, 2);
  await fillEvent(page, "by_the_same_key", "{}");
  await typeField(page).press("Enter");
  await count(page, 3);
  expect(await stored(page)).toEqual([{}, {}, ""]);
  await page.reload();
  await part(page, "send-test").click();
  await key.waitFor();
});

it("[D19] marks where data is not JSON, and emits it to two pages once it is", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  const other = await openLive(server);
  await fillEvent(page, "order_created", '{\n  "total": 12,\n  "paid" true\n}');
  const fault = part(page, "json-fault");
  expect(await fault.textContent()).toMatch(/^Line 3, column 10: expected ":"\./);
  expect(await fault.locator("code").textContent()).toBe('  "paid" true');
  expect(await fault.locator("mark").textContent()).toBe("t");
  expect(await part(page, "emit-curl").count()).toBe(0);
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  expect(
    await dataField(page).evaluate((field: HTMLTextAreaElement) => [field.selectionStart, field.selectionEnd]),
  ).toEqual([26, 27]);
  await page.keyboard.type(": t"); // in the place of what is marked
  expect(await fault.textContent()).toBe("");
  await dataField(page).press("Tab"); // does not stay in the field
  expect(await dataField(page).evaluate((field) => field === document.activeElement)).toBe(false);
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  await keyField(page).fill("dev-key");
  await keyField(page).press("Enter");
  await sent(page, /^Sent as \w+\.1\.$/);
  for (const each of [page, other.page]) {
    await count(each, 1);
    expect((await rows(each))[0]).toContain('{"total":12,"paid":true}');
  }
  expect(
    await page.locator("datalist option").evaluateAll((all) => all.map((each) => each.getAttribute("value"))),
  ).toEqual(["order_created"]);
  expect(wrong).toEqual([]);
});

it("[D19] says what is wrong with an event, and where in it", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await fillEvent(page, "a,b", "{}");
  await part(page, "emit").filter({ hasText: '"a_b" would pass.' }).waitFor();
  await typeField(page).fill("reactor_own");
  await typeField(page).press("Enter");
  await keyField(page).fill("dev-key");
  await keyField(page).press("Enter");
  await sent(page, "is the hub's own: echo, reactor_* and websocket_* cannot be emitted. At /type.");
});

it("[D19] gives the command for a shell that emits the same event", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, { query: "?channel=eu.orders" });
  const data = `{ "quotes": "it's \\"so\\" \\\\ $HOME \`id\` !", "lines": "a\\nb",\n\t"more": ["Grüße ☃ 😀", 12345678901234567890, 1.50] }`;
  await fillEvent(page, "it's $(an) order", data);
  await page.getByLabel("Source").fill('shop\'s "own"');
  const line = (await part(page, "emit-curl").textContent()) ?? "";
  expect(line).toContain("Bearer dev-key");
  expect(line.split("\n")).toHaveLength(3);
  await promisify(execFile)("sh", ["-c", line]);
  await count(page, 1);
  await page.getByRole("button", { name: "Emit", exact: true }).click();
  await keyField(page).fill("dev-key");
  await keyField(page).press("Enter");
  await count(page, 2);
  const texts = (await (await fetch(`${server.url}/api/events?channel=eu.orders`)).text()).split('"type"').slice(1);
  expect(texts.map((text) => /"data":(.*),"source":(.*),"timestamp"/.exec(text)?.slice(1))).toEqual([
    [expect.stringContaining("12345678901234567890,1.50"), JSON.stringify('shop\'s "own"')],
    [expect.stringContaining("12345678901234567890,1.50"), JSON.stringify('shop\'s "own"')],
  ]);
  const [byShell, byPage] = await eventsOf(server, "eu.orders");
  const substance = (event: Record<string, unknown> = {}) => [event.type, event.data, event.source];
  expect(substance(byShell)).toEqual(substance(byPage));
  expect(byPage).toMatchObject({ type: "it's $(an) order", data: JSON.parse(data) });
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

it("[D20] notifies of the events that a pattern names, in the background, if allowed and only if switched on", async () => {
  const server = await serveQuietly({ vars: { HEARTBEAT_SECONDS: "1" } });
  const { promise: heartbeat, resolve } = Promise.withResolvers<void>();
  const { page } = await openLive(server, {
    async prepare(page) {
      page.on("websocket", (socket) =>
        socket.on("framereceived", ({ payload }) => String(payload).includes("reactor_heartbeat") && resolve()),
      );
      await answerNotifications("granted")(page);
    },
  });
  const shown = () => page.evaluate(() => (window as unknown as { shown: unknown[] }).shown);
  const hide = (hidden: boolean) =>
    page.evaluate((value) => Object.defineProperty(document, "hidden", { value, configurable: true }), hidden);
  const post = async (type: string, nth: number) => {
    await server.post({ type, data: { nth } });
    await page.getByText(`{"nth":${nth}}`).waitFor();
  };
  const pattern = page.getByLabel("Types to be notified of");
  await hide(true);
  await post("digest_published", 1);
  expect(await shown()).toEqual([]);
  await part(page, "notifications").click();
  await page.locator('[data-reactor="notifications"][aria-pressed="true"]').waitFor();
  await post("digest_published", 2);
  await heartbeat;
  await hide(false);
  await post("digest_published", 3);
  await hide(true);
  await pattern.fill("order_*, digest_created");
  await post("digest_published", 4);
  await post("order_paid", 5);
  await post("digest_created", 6);
  await pattern.fill("a".repeat(300));
  await part(page, "notifications-status").filter({ hasText: "A pattern is" }).waitFor();
  await post("order_paid", 7);
  await pattern.fill("");
  await part(page, "notifications").click();
  await post("order_paid", 8);
  expect(await shown()).toEqual([
    ["digest_published", '{"nth":2}'],
    ["order_paid", '{"nth":5}'],
    ["digest_created", '{"nth":6}'],
  ]);
});

it("[D20] reports that the browser refuses notifications", async () => {
  const { page } = await openLive(await serveQuietly(), { prepare: answerNotifications("denied") });
  await part(page, "notifications").click();
  await part(page, "notifications-status").filter({ hasText: "does not allow" }).waitFor();
  expect(await part(page, "notifications").getAttribute("aria-pressed")).toBe("false");
});

it("[D21] goes from channel to channel, with the same key, and its address and title name the channel", async () => {
  const server = await serveQuietly({ vars: { HEARTBEAT_SECONDS: "0", REACTOR_JWT_SECRET: "x".repeat(32) } });
  await server.post({ type: "in_eu" }, { channel: "eu" });
  const { page, wrong } = await openLivePage(browser, server);
  await page.getByLabel("Key or token").fill("dev-key");
  await page.keyboard.press("Enter");
  await inState(page, "connected");
  expect(await page.title()).toBe("● main · Reactor");
  await page.keyboard.press("c");
  await page.getByLabel("Channel", { exact: true }).fill("<b>");
  await page.keyboard.press("Enter");
  await part(page, "channel-fault").filter({ hasText: "A channel is 1 to 128 of" }).waitFor();
  await page.getByLabel("Channel", { exact: true }).fill(" eu ");
  await page.keyboard.press("Enter");
  await inChannel(page, "eu").locator('[data-state="connected"]').waitFor();
  await count(page, 1);
  expect([await page.title(), page.url()]).toEqual(["● eu · Reactor", `${server.url}/live?channel=eu`]);
  await server.post([{ type: "a" }, { type: "b" }]); // of the channel that is left
  await server.post({ type: "c" }, { channel: "eu" });
  await count(page, 2);
  await page.goBack();
  await inChannel(page, "main").locator('[data-state="connected"]').waitFor();
  await count(page, 2);
  expect([await page.title(), await page.locator("section[data-channel]").count()]).toEqual(["● main · Reactor", 1]);
  expect(wrong).toEqual([]);
});

it("[D21] offers the channels that this browser opened lately, and stores nothing but their names", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  const recent = part(page, "recent-channels").locator("a");
  const open = () => part(page, "channel").click();
  await open();
  await expect.poll(() => recent.allInnerTexts()).toEqual(["main"]);
  await open();
  expect(await stored(page)).toEqual([{}, {}, ""]);
  for (let nth = 1; nth <= 11; nth++) {
    await page.goto(`${server.url}/live?channel=c${nth}`);
    await inState(page, "connected");
  }
  const names = Array.from({ length: 10 }, (_, index) => `c${11 - index}`);
  await open();
  await expect.poll(() => recent.allInnerTexts()).toEqual(["main", ...names]);
  expect(await stored(page)).toEqual([{ "reactor.channels": JSON.stringify(names) }, {}, ""]);
  await page.getByText("A hub cannot list its channels").waitFor();
  await recent.filter({ hasText: /^c5$/ }).click();
  await inChannel(page, "c5").locator('[data-state="connected"]').waitFor();
  await open();
  await expect.poll(async () => (await recent.allInnerTexts()).slice(0, 3)).toEqual(["main", "c5", "c11"]);
  await page.keyboard.press("Escape");
  expect(await part(page, "channel").evaluate((summary) => summary === document.activeElement)).toBe(true);
  await page.evaluate(() => localStorage.setItem("reactor.channels", '{"<b>":1}')); // another program's
  await open();
  await expect.poll(() => recent.allInnerTexts()).toEqual(["main"]);
});

it("[D22] shows two channels side by side, both live, also after a reload, until one is closed", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server, { query: "?channel=a" });
  await part(page, "channel").click();
  await page.getByLabel("Channel", { exact: true }).fill("b");
  await page.getByRole("button", { name: "Open beside", exact: true }).click();
  const received = (name: string, figure: number) =>
    inChannel(page, name)
      .locator('[data-metric="received"]', { hasText: new RegExp(`^${figure}$`) })
      .waitFor();
  const bothConnected = () =>
    Promise.all(["a", "b"].map((name) => inChannel(page, name).locator('[data-state="connected"]').waitFor()));
  await bothConnected();
  expect([await page.title(), page.url()]).toEqual(["● a · ● b · Reactor", `${server.url}/live?channel=a&beside=b`]);
  await server.post([{ type: "x" }, { type: "y" }], { channel: "a" });
  await server.post({ type: "z" }, { channel: "b" });
  await received("a", 2);
  await received("b", 1);
  await page.reload();
  await bothConnected();
  await received("a", 2);
  await received("b", 1);
  await server.post({ type: "z" }, { channel: "b" });
  await received("b", 2);
  await page.setViewportSize(PHONE);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
  await page.getByRole("button", { name: "Close a" }).click();
  await inChannel(page, "a").waitFor({ state: "detached" });
  expect([await page.title(), page.url()]).toEqual(["● b · Reactor", `${server.url}/live?channel=b`]);
  await server.post({ type: "z" }, { channel: "b" });
  await received("b", 3);
  expect(wrong).toEqual([]);
});

it("[D22] [H16] reports an invalid channel beside another, and requests nothing from the hub", async () => {
  const query = "?channel=main&beside=%3Cb%3E";
  const { page, wrong, addresses } = await openLivePage(browser, await serveQuietly(), { query });
  await part(page, "no-channel").filter({ hasText: "“<b>” is not a valid channel name" }).waitFor();
  expect(addresses.filter((address) => address.includes("/ws/"))).toEqual([]);
  expect(wrong).toEqual([]);
});

it("[D24] lists its keys, which do what they say, and nothing while one writes", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, { prepare: answerNotifications("granted") });
  const sheet = page.getByRole("dialog", { name: "Keyboard" });
  await part(page, "send-test").focus();
  await page.keyboard.press("?");
  await sheet.waitFor();
  const listed = await sheet.locator("kbd").allInnerTexts();
  expect(listed).toEqual(expect.arrayContaining(["c", "e", "t", "n", "?"]));
  expect(new Set(listed).size).toBe(listed.length);
  await page.keyboard.press("t");
  await page.keyboard.press("Tab"); // from the checkbox, which takes keys itself, to the button
  for (const key of ["t", "p"]) await page.keyboard.press(key);
  expect(await keyField(page).count()).toBe(0); // the sheet lies over the page
  expect(await part(page, "feed-pause").textContent()).toBe("Pause");
  expect(await sheet.evaluate((each) => getComputedStyle(each).backgroundColor)).not.toContain("rgba"); // and hides it
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "hidden" });
  expect(await part(page, "send-test").evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press("n");
  await page.locator('[data-reactor="notifications"][aria-pressed="true"]').waitFor();
  await page.keyboard.press("e");
  await page.keyboard.type("cent?");
  expect(await typeField(page).inputValue()).toBe("cent?");
  expect([await sheet.count(), await keyField(page).count()]).toEqual([0, 0]);
});

it("[D24] is for the channel that has the focus", async () => {
  const { page } = await openLive(await serveQuietly(), { query: "?channel=a&beside=b" });
  const isOpen = (name: string) =>
    inChannel(page, name)
      .locator('[data-reactor="emit"]')
      .evaluate((details: HTMLDetailsElement) => details.open);
  await inChannel(page, "b").locator('[data-reactor="ping"]').focus();
  await page.keyboard.press("e");
  expect([await isOpen("a"), await isOpen("b")]).toEqual([false, true]);
  const pauses = () => part(page, "feed-pause").allTextContents();
  await part(page, "ping").last().focus();
  await page.keyboard.press("p");
  await expect.poll(pauses).toEqual(["Pause", "Resume · 0 waiting"]);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press("p"); // neither has it: whichever was rendered last, it is the first
  await expect.poll(pauses).toEqual(["Resume · 0 waiting", "Resume · 0 waiting"]);
});

it("[D19] [D21] fits a phone", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, {
    prepare: (each) => each.setViewportSize(PHONE),
    query: `?channel=${"c".repeat(128)}`,
  });
  await fillEvent(page, "t".repeat(200), `{"text":"${"x".repeat(300)}"}`);
  await part(page, "channel").click();
  await page.getByLabel("Channel", { exact: true }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
});
