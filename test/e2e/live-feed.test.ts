// The feed of `/live`: the list, what narrows it, and an open event.
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

const serveQuietly = (options: ServerOptions = {}) => serve({ vars: { HEARTBEAT_SECONDS: "0" }, ...options });

/** Once it is connected. */
async function openLive(
  server: Server,
  options: { query?: string; prepare?: (page: Page) => Promise<unknown> } = {},
): Promise<LivePage> {
  const live = await openLivePage(browser, server, options);
  await inState(live.page, "connected");
  return live;
}

const batch = (count: number, from = 1, type = "t") =>
  Array.from({ length: count }, (_, n) => ({ type: `${type}_${from + n}`, data: { n: from + n } }));

async function postMany(server: Server, count: number): Promise<void> {
  for (let from = 1; from <= count; from += 100) await server.post(batch(Math.min(100, count - from + 1), from));
}

const option = (page: Page, text: string) =>
  page.locator('[role="option"]', { has: page.getByText(text, { exact: true }) });
const scrollTo = (page: Page, top: number) =>
  page.locator(".feed-scroll").evaluate((area, value) => area.scrollTo(0, value), top);
const pause = (page: Page) => part(page, "feed-pause");
const view = (page: Page) => part(page, "event-view");

/** Types of the rows in the document, the newest first; marks as `(live)`. */
const types = (page: Page) =>
  page
    .locator('[role="option"]')
    .evaluateAll((options) =>
      options.map(
        (each) =>
          each.querySelector("[data-type]")?.getAttribute("data-type") ?? `(${(each as HTMLElement).dataset.mark})`,
      ),
    );

it("[D6] begins with the newest 50 events, and marks where those that follow begin", async () => {
  const server = await serveQuietly();
  await postMany(server, 120);
  const { page, wrong } = await openLive(server);
  await count(page, 50);
  await server.post({ type: "after" });
  await count(page, 51);
  expect((await types(page)).slice(0, 3)).toEqual(["after", "(live)", "t_120"]);
  expect(await page.getByText("Live from here").isVisible()).toBe(true);
  expect(await page.locator('[role="listbox"]').getAttribute("aria-activedescendant")).toBeNull();
  expect(wrong).toEqual([]);
});

it("[D7] loads older pages on scroll, back to the first event, and no row twice", async () => {
  const server = await serveQuietly();
  await postMany(server, 300);
  const { page } = await openLive(server);
  await count(page, 50);
  const end = part(page, "feed-end");
  for (const length of [250, 300]) {
    await scrollTo(page, 1e6);
    await page
      .locator(`[role="option"][aria-setsize="${length + 1}"]`)
      .first()
      .waitFor(); // and the mark
  }
  await scrollTo(page, 1e6);
  await end.filter({ hasText: "The first event of this channel" }).waitFor();
  const atTheEnd = async () => {
    await scrollTo(page, 1e6); // the rows before it may have been added since
    return (await types(page)).at(-1);
  };
  await expect.poll(atTheEnd).toBe("t_1");
  const seen = new Set<string>();
  for (let top = 0; top < 301 * 32; top += 300) {
    await scrollTo(page, top);
    await page.locator(`[role="option"][aria-posinset="${Math.floor(top / 32) + 1}"]`).waitFor();
    for (const type of await types(page)) seen.add(type);
  }
  expect(seen.size).toBe(301);
  expect(await part(page, "feed-types").locator("button").count()).toBe(30);
  await count(page, 50); // those that came over the connection
});

it("[D7] says at the end that older events were deleted", async () => {
  const server = await serveQuietly();
  const { cursor } = (await (await server.post(batch(5))).json()) as { cursor: string };
  const before = `${cursor.split(".")[0]}.3`;
  const deleted = await fetch(`${server.url}/api/events?before=${before}`, {
    method: "DELETE",
    headers: { Authorization: "Bearer dev-key" },
  });
  expect(deleted.status).toBe(200);
  const { page } = await openLive(server);
  await part(page, "feed-end").filter({ hasText: "Older events were deleted" }).waitFor();
  expect(await types(page)).toEqual(["(live)", "t_5", "t_4", "t_3"]);
});

it("[D8] keeps the row under the eye where it is while events come, and goes to the new ones by a button", async () => {
  const server = await serveQuietly();
  await postMany(server, 50);
  const { page } = await openLive(server);
  await count(page, 50);
  await scrollTo(page, 500);
  const row = option(page, "t_30");
  const before = await row.boundingBox();
  for (let at = 0; at < 37; at++) await server.post({ type: `new_${at}` });
  await part(page, "feed-new").filter({ hasText: "37 new" }).waitFor();
  expect(await row.boundingBox()).toEqual(before);
  await part(page, "feed-new").click();
  await option(page, "new_36").waitFor();
  expect(await part(page, "feed-new").count()).toBe(0);
  await server.post({ type: "followed" });
  await option(page, "followed").waitFor(); // at the top it follows
  await scrollTo(page, 500);
  await server.post({ type: "one_more" });
  await part(page, "feed-new").filter({ hasText: "1 new" }).waitFor();
  await scrollTo(page, 0);
  await option(page, "one_more").waitFor();
});

it("[D8] pauses without losing anything, and shows all on resume", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await server.post({ type: "before" });
  await option(page, "before").waitFor();
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await server.post(batch(12));
  await pause(page).filter({ hasText: "Resume · 12 waiting" }).waitFor();
  expect(await types(page)).toEqual(["before"]);
  await count(page, 13);
  await pause(page).click();
  await option(page, "t_12").waitFor();
  expect(await types(page)).toEqual([...batch(12).map(({ type }) => type)].reverse().concat("before"));
  await page.keyboard.press("p");
  await server.post({ type: "late" });
  await pause(page).filter({ hasText: "1 waiting" }).waitFor();
  await page.locator("h1").click();
  await page.keyboard.press("Space");
  await option(page, "late").waitFor();
});

it("[D8] [D11] does not say that there are no events while the first ones wait", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await page.getByText("No events yet").waitFor();
  await pause(page).click();
  await server.post(batch(3));
  await pause(page).filter({ hasText: "3 waiting" }).waitFor();
  expect(await page.getByText("No events yet").count()).toBe(0);
  await pause(page).click();
  await option(page, "t_3").waitFor();
});

it("[D9] filters by pattern, source, text and time, and by a click on a type", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await server.post([
    { type: "news_processed", source: "shop", data: { title: "Rain" } },
    { type: "news_published", source: "feed", data: { title: "Sun" } },
    { type: "Order Completed", source: "shop", data: { total: 12 } },
    { type: "old", source: "feed", timestamp: "2020-01-01T00:00:00Z" },
  ]);
  await count(page, 4);
  const field = part(page, "feed-filter");
  const shown = (text: string) => part(page, "feed-shown").filter({ hasText: text }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("news_*");
  await shown("2 of 4");
  expect(await types(page)).toEqual(["news_published", "news_processed"]);
  await field.fill("news_* source:shop");
  await shown("1 of 4");
  await field.fill("RAIN");
  await shown("1 of 4");
  expect(await types(page)).toEqual(["news_processed"]);
  await field.fill("");
  await part(page, "feed-times").selectOption("5");
  await shown("3 of 4");
  await part(page, "feed-times").selectOption("between");
  await page.getByLabel("To", { exact: true }).fill("2020-12-31T00:00");
  await shown("1 of 4");
  expect(await types(page)).toEqual(["old"]);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.locator('[role="option"] [data-type="Order Completed"]').click();
  expect(await field.inputValue()).toBe('type:"Order Completed"');
  await shown("1 of 4");
  await part(page, "feed-types").getByRole("button", { name: "news_published" }).click();
  expect(await types(page)).toEqual(["news_published"]);
  await server.post([{ type: "news_published" }, { type: "other" }]);
  await shown("2 of 6"); // what comes is filtered, too
  await part(page, "feed-types").getByRole("button", { name: "news_published" }).click();
  await expect.poll(() => part(page, "feed-shown").count()).toBe(0);
  await field.fill("nothing like it");
  await page.getByText("No loaded event matches the filter.").waitFor();
});

it("[D9] shows the last minutes of the time it is, not of the time they were chosen", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, { prepare: (each) => each.clock.install() });
  await server.post({ type: "before" });
  await count(page, 1);
  await part(page, "feed-times").selectOption("5");
  await part(page, "feed-shown").filter({ hasText: "1 of 1" }).waitFor();
  await page.clock.fastForward("06:00");
  await part(page, "feed-shown").filter({ hasText: "0 of 1" }).waitFor();
});

it("[D9] filters older pages, too, and loads them only when asked to", async () => {
  const server = await serveQuietly();
  await postMany(server, 100);
  const { page } = await openLive(server);
  await count(page, 50);
  await part(page, "feed-filter").fill("t_1");
  await page.getByRole("button", { name: "Load older events" }).click();
  await part(page, "feed-shown").filter({ hasText: "12 of 100" }).waitFor(); // 1, 10 to 19, 100
});

it("[D10] opens an event beside the list, and goes on by keys and buttons", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  await server.post([
    { type: "first", data: {} },
    { type: "second", source: "shop", id: "order-7", data: { list: [1, 2, { deep: true }], text: "a" } },
    { type: "third", data: [] },
  ]);
  await option(page, "second").click();
  const opened = view(page);
  await opened.getByText("order-7").waitFor();
  expect(await opened.locator("dl").textContent()).toMatch(/Source\s*shop.*Seq\s*2.*Cursor\s*\w+\.2/);
  expect(await opened.locator("pre").textContent()).toContain('"deep": true');
  await opened.getByRole("button", { name: "Fold all", exact: true }).click();
  expect(await opened.locator("pre").textContent()).toMatch(/^\{…\} 2 items/);
  await opened.locator("pre button").first().press("Enter");
  expect(await opened.locator("pre").textContent()).toContain('"text": "a"');
  const heading = (type: string) => opened.locator("h3", { hasText: type }).waitFor();
  await page.keyboard.press("j");
  await heading("first");
  await page.keyboard.press("k");
  await heading("second");
  await page.keyboard.press("ArrowLeft");
  await heading("third");
  await opened.getByRole("button", { name: "Older event" }).click();
  await heading("second");
  await page.keyboard.press("Escape");
  await opened.waitFor({ state: "detached" });
  await page.keyboard.press("ArrowDown"); // the focus is in the list again, at the row
  await page.keyboard.press("Enter");
  await heading("first");
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("event-view");
  expect(wrong).toEqual([]);
});

it("[D10] copies an event as JSON, as curl and as a link", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await page.evaluate(() =>
    Object.defineProperty(navigator, "clipboard", {
      value: { writeText: async (text: string) => void Object.assign(window, { copied: text }) },
    }),
  );
  const copied = async (button: string) => {
    await part(page, button).click();
    return page.evaluate(() => (window as unknown as { copied: string }).copied);
  };
  await server.post({ type: "it's", source: "shop", id: "7", data: { text: "it's" } });
  await option(page, "it's").click();
  const event = JSON.parse(await copied("copy-json"));
  expect(event).toMatchObject({ type: "it's", source: "shop", id: "7", seq: 1, data: { text: "it's" } });
  expect(await copied("copy-curl")).toBe(
    [
      `curl '${server.url}/api/events'`,
      "  -H 'Authorization: Bearer dev-key' -H 'Content-Type: application/json'",
      String.raw`  -d '{"type":"it'\''s","data":{"text":"it'\''s"},"source":"shop"}'`,
    ].join(" \\\n"),
  );
  expect(await copied("copy-link")).toMatch(/^http:.*\/live#event=\w+\.1$/);
  expect(await copied("copy-link")).toBe(page.url()); // the address names the open event
});

it("[D10] opens the event that the address names, also one that is far back, and says what became of others", async () => {
  const server = await serveQuietly();
  await postMany(server, 100);
  const { cursor } = (await (await server.post({ type: "last" })).json()) as { cursor: string };
  const epoch = cursor.split(".")[0];
  const remove = (query: string) =>
    fetch(`${server.url}/api/events${query}`, { method: "DELETE", headers: { Authorization: "Bearer dev-key" } });
  await remove(`/${epoch}.20`);
  await remove(`?before=${epoch}.10`);
  const { page } = await openLive(server, { query: `#event=${epoch}.30` });
  await view(page).locator("h3", { hasText: "t_30" }).waitFor();
  await page.keyboard.press("k");
  await view(page).locator("h3", { hasText: "t_31" }).waitFor();
  const follow = (seq: string) => page.evaluate((hash) => location.assign(hash), `#event=${seq}`);
  await follow(`${epoch}.20`);
  await view(page).getByText("removed by an operator").waitFor();
  await follow(`${epoch}.5`);
  await view(page).getByText("was deleted").waitFor();
  await follow(`${epoch}.500`);
  await view(page).getByText("has no such event").waitFor();
  await follow("other.5");
  await view(page).getByText("has no such event").waitFor();
  await follow(`${epoch}.101`);
  await view(page).locator("h3", { hasText: "last" }).waitFor();
  await remove(`/${epoch}.101`);
  await view(page).getByText("removed by an operator").waitFor();
  expect((await types(page)).slice(0, 2)).toEqual(["(live)", "(removed)"]);
});

it("[D10] emits an event again as a new one, with a key that it asks for only where it is needed", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server);
  await server.post({ type: "again", source: "shop", id: "7", data: { n: 1 } });
  await option(page, "again").click();
  await part(page, "emit-again").click();
  const key = view(page).locator('input[type="password"]');
  await key.fill("dev-key");
  await key.press("Enter");
  await count(page, 2);
  await part(page, "emit-again").click();
  await count(page, 3);
  expect(await key.count()).toBe(0);
  const log = (await (await fetch(`${server.url}/api/events`)).json()) as { events: Record<string, unknown>[] };
  expect(log.events.map(({ type, source, data }) => ({ type, source, data }))).toEqual(
    Array(3).fill({ type: "again", source: "shop", data: { n: 1 } }),
  );
  expect(new Set(log.events.map(({ id }) => id)).size).toBe(3);
});

it("[D10] shows deep and large data without breaking", async () => {
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  const deep = `${"[".repeat(120)}1${"]".repeat(120)}`;
  expect((await server.post({ type: "deep", data: JSON.parse(deep) })).status).toBe(200);
  await server.post({
    type: "large",
    data: { text: "x".repeat(200_000), list: Array.from({ length: 10_000 }, (_, n) => n) },
  });
  await option(page, "deep").click();
  await view(page).getByRole("button", { name: "Unfold all" }).click();
  await expect.poll(() => view(page).locator(".line").count()).toBe(241);
  await option(page, "large").click();
  await view(page).getByText("198,002 characters").waitFor();
  await view(page).getByRole("button", { name: "Unfold all" }).click();
  await view(page).getByRole("button", { name: "Show 500 more" }).click();
  await expect.poll(() => view(page).locator(".line").count()).toBe(1_000);
  expect(wrong).toEqual([]);
});

it("[D1] shows everything of an open event as text", async () => {
  const markup = '<img src=x onerror="document.title=1">';
  const server = await serveQuietly();
  const { page, wrong } = await openLive(server);
  await server.post({ type: markup, source: markup, id: markup, data: { [markup]: markup } });
  await page.locator('[role="option"] code').click();
  expect(await view(page).locator("h3").textContent()).toBe(markup);
  expect((await view(page).textContent())?.split(markup)).toHaveLength(4); // its type, source and id; in data quotes are escaped
  expect(await page.locator("#live :is(img, script)").count()).toBe(0);
  expect(wrong).toEqual([]);
});

it("[D5] marks in the list where the hub could not resume", async () => {
  const first = await serveQuietly({ keepState: true });
  const { page } = await openLive(first);
  await first.post({ type: "before" });
  await count(page, 1);
  await first.kill();
  const vars = { HEARTBEAT_SECONDS: "0", LOG_GENERATION: "1" };
  const second = await serveQuietly({ port: first.port, persistTo: first.persistTo, vars });
  await page.locator('[data-mark="reset"]', { hasText: "new history" }).waitFor();
  await second.post({ type: "after" });
  await option(page, "after").waitFor();
  expect(await types(page)).toEqual(["after", "(reset)", "before"]);
});

it("[D11] teaches how to send the first event, and shows it as it arrives", async () => {
  const server = await serveQuietly();
  const { page } = await openLive(server, { query: "?channel=chat" });
  const empty = part(page, "feed-empty");
  await empty.waitFor();
  const line = String(await empty.locator("code").textContent());
  expect(line).toContain(`curl '${server.url}/api/events?channel=chat'`);
  expect(line).toContain("Bearer dev-key");
  const [, url, body] = /'(http[^']+)'[\s\S]*-d '(.*)'/.exec(line) ?? [];
  const headers = { Authorization: "Bearer dev-key", "Content-Type": "application/json" };
  await fetch(String(url), { method: "POST", headers, body: String(body) });
  await option(page, "hello").waitFor();
  expect(await empty.count()).toBe(0);
});

it("[D12] shows at least six rows on a phone without scrolling, and an event over the list", async () => {
  const server = await serveQuietly();
  await postMany(server, 50);
  const { page } = await openLive(server, { prepare: (phone) => phone.setViewportSize({ width: 390, height: 844 }) });
  await count(page, 50);
  const bottoms = await page
    .locator('[role="option"]')
    .evaluateAll((options) => options.map((each) => each.getBoundingClientRect().bottom));
  expect(bottoms.filter((bottom) => bottom <= 844).length).toBeGreaterThanOrEqual(6);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await option(page, "t_49").click();
  await view(page).locator("h3", { hasText: "t_49" }).waitFor();
  expect(await page.locator('[role="listbox"]').isVisible()).toBe(false);
  await page.getByRole("button", { name: "Back" }).click();
  expect((await rows(page)).length).toBeGreaterThan(6);
});
