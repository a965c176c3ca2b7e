import { expect, it } from "vitest";
import { type Tab, TabsBrowser } from "../../support/tabs-browser.ts";

/** Every event that matches since the tab was connected first, each once, in order. */
function expected(browser: TabsBrowser, tab: Tab): number[] {
  const from = Number(tab.start?.split(".")[1]);
  const { seq } = browser.hub.log.cursor;
  return Array.from({ length: seq - from }, (_, index) => from + index + 1);
}

async function threeTabs() {
  const browser = new TabsBrowser();
  const tabs = [browser.open(), browser.open(), browser.open()] as const;
  await browser.pass(1_000);
  return { browser, tabs };
}

function expectWhole(browser: TabsBrowser, tabs: readonly Tab[]): void {
  for (const tab of tabs) expect([tab.name, tab.record]).toEqual([tab.name, expected(browser, tab)]);
}

it("[K36] opens one socket for all tabs, each of which hears everything", async () => {
  const { browser, tabs } = await threeTabs();
  for (let n = 0; n < 5; n++) browser.emit();
  await browser.pass(100);
  expect(tabs.map(({ reactor }) => reactor.state)).toEqual(["connected", "connected", "connected"]);
  expect([browser.opened, browser.sockets.size]).toEqual([1, 1]);
  for (const tab of tabs) expect(tab.record).toEqual([1, 2, 3, 4, 5]);
});

it.each(["closed", "crashed"])("[K38] goes on with the next tab at once when the holder is %s", async (how) => {
  const { browser, tabs } = await threeTabs();
  browser.emit();
  const holder = browser.locks.holder();
  const others = tabs.filter((tab) => tab !== holder);
  if (how === "closed") holder?.reactor.close();
  else holder?.crash();
  browser.emit();
  browser.emit();
  await browser.pass(1_000);
  browser.emit();
  await browser.pass(100);
  expect(others.map(({ record }) => record)).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
  expect(browser.sockets.size).toBe(1);
  expect(browser.reads).toBe(0);
});

it("[K38] takes the lock from a holder that is frozen, which closes its socket once it runs again", async () => {
  const { browser, tabs } = await threeTabs();
  const holder = browser.locks.holder() as Tab;
  holder.isFrozen = true;
  browser.emit();
  await browser.pass(9_000);
  browser.emit();
  await browser.pass(1_000);
  const others = tabs.filter((tab) => tab !== holder);
  expectWhole(browser, others);
  expect(browser.sockets.size).toBe(2);
  holder.thaw();
  await browser.pass(1_000);
  browser.emit();
  await browser.pass(1_000);
  expectWhole(browser, tabs);
  expect(browser.sockets.size).toBe(1);
});

it("[K38] withdraws the request of a tab that takes the lock", async () => {
  const { browser } = await threeTabs();
  (browser.locks.holder() as Tab).isFrozen = true;
  await browser.pass(9_000);
  expect(browser.locks.queued).toBe(1); // of the third tab
});

it("[K38] leaves the lock to a holder whose answer came while the tab itself was frozen", async () => {
  const { browser, tabs } = await threeTabs();
  const holder = browser.locks.holder() as Tab;
  const other = tabs.find((tab) => tab !== holder) as Tab;
  await browser.pass(4_001); // it has just asked
  other.isFrozen = true;
  await browser.pass(20_000);
  other.thaw();
  await browser.pass(10_000);
  expect(browser.locks.holder()).toBe(holder);
  expect(browser.opened).toBe(1);
});

it("[K38] has one holder where two tabs take the lock in the same moment", async () => {
  const browser = new TabsBrowser();
  let drawn = 0;
  const random = () => 0.5 + 1e-9 * drawn++; // the same to a millisecond
  const holder = browser.open({}, { random });
  const tabs = [browser.open({}, { random }), browser.open({}, { random })];
  await browser.pass(1_000);
  holder.isFrozen = true;
  await browser.pass(9_000);
  browser.emit();
  await browser.pass(1_000);
  expect(tabs.map(({ record }) => record)).toEqual([[1], [1]]);
  expect([browser.opened, browser.sockets.size]).toEqual([2, 2]);
});

it("[K38] resumes at the lowest cursor of the tabs", async () => {
  const { browser, tabs } = await threeTabs();
  for (let n = 0; n < 5; n++) browser.emit();
  await browser.pass(100);
  const holder = browser.locks.holder() as Tab;
  holder.crash();
  const late = browser.open({ cursor: "abc.2" });
  browser.emit();
  await browser.pass(1_000);
  expectWhole(
    browser,
    tabs.filter((tab) => tab !== holder),
  );
  expect([late.record, browser.reads]).toEqual([[3, 4, 5, 6], 0]);
});
