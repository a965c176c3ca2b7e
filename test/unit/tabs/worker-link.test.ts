import { expect, it } from "vitest";
import { type Tab, TabsBrowser } from "../../support/tabs-browser.ts";

const records = (tabs: readonly Tab[]) => tabs.map(({ record }) => record);

function withWorker(count: number) {
  const browser = new TabsBrowser();
  const tabs = Array.from({ length: count }, () => browser.open({}, {}, (tab) => browser.makeWorker(tab)));
  return { browser, tabs: tabs as [Tab, Tab] };
}

it("[K40] lets the worker hold the connection, whatever becomes of the tabs", async () => {
  const { browser, tabs } = withWorker(2);
  await browser.pass(1_000);
  expect([...browser.sockets].map(({ tab }) => tab.name)).toEqual(["worker"]);
  tabs[0].crash();
  browser.emit();
  await browser.pass(1_000);
  expect(tabs[1].record).toEqual([1]);
  expect(browser.opened).toBe(1);
});

it("[K40] [K37] forgets a tab that has crashed, and what it wanted", async () => {
  const browser = new TabsBrowser();
  const make = (tab: Tab) => browser.makeWorker(tab);
  const crashed = browser.open({ events: ["a"] }, {}, make);
  const other = browser.open({ events: ["b"] }, {}, make);
  await browser.pass(1_000);
  crashed.crash();
  await browser.pass(170_000);
  expect(other.reactor.state).toBe("connected");
  expect([...browser.hub.attachments.values()].map(({ asked }) => asked)).toEqual([["b"]]);
});

it("[K40] comes back to a worker that the browser has ended", async () => {
  const { browser, tabs } = withWorker(2);
  await browser.pass(1_000);
  browser.endWorker();
  browser.emit();
  await browser.pass(13_000);
  expect(records(tabs)).toEqual([[1], [1]]);
  expect([browser.sockets.size, browser.opened]).toEqual([1, 2]);
});

it("[K40] does without a worker that cannot be loaded, or made", async () => {
  const makes = [
    (browser: TabsBrowser) => (tab: Tab) => browser.makeWorker(tab, true),
    () => () => {
      throw new DOMException("No.", "SecurityError");
    },
  ];
  for (const make of makes) {
    const browser = new TabsBrowser();
    const tabs = [browser.open({}, {}, make(browser)), browser.open({}, {}, make(browser))];
    await browser.pass(2_000);
    browser.emit();
    await browser.pass(1_000);
    expect(records(tabs)).toEqual([[1], [1]]);
    expect(browser.sockets.size).toBe(1);
  }
});

it("[K40] stays with the worker when the tab itself did not run, also with a question on its way", async () => {
  for (let afterMs = 5_000; afterMs < 5_012; afterMs++) {
    const { browser, tabs } = withWorker(2);
    await browser.pass(afterMs);
    tabs[0].isFrozen = true;
    await browser.pass(60_000);
    browser.emit();
    tabs[0].thaw();
    await browser.pass(10_000);
    expect([afterMs, tabs[0].states]).toEqual([afterMs, ["connected"]]);
    expect(records(tabs)).toEqual([[1], [1]]);
  }
});

it("[K19] [K37] passes the signs of a page on to the worker's connection", async () => {
  const { browser, tabs } = withWorker(2);
  await browser.pass(1_000);
  browser.isDown = true;
  browser.cut();
  await browser.pass(60_000);
  browser.isDown = false;
  browser.pageOf(tabs[0]).sign();
  await browser.pass(1_500);
  expect(tabs[0].reactor.state).toBe("connected");
});
