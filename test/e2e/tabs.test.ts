// Tabs of a real browser that share one connection: the one that holds it is closed, crashes and is frozen.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { startPageServer } from "./page-server.ts";
import { PlainTab } from "./plain-tab.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Each is a process of its own, of which the machine of CI bears twelve. */
const TABS = 12;

const PATIENCE = { timeout: 30_000 };

let browser: Browser;
let script: string;
let worker: string;
beforeAll(async () => {
  browser = await launchBrowser();
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "src/tabs/index.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  script = String(outputFiles[0]?.text);
  worker = await readFile(join(ROOT, "dist/tabs/worker.js"), "utf8");
});
afterAll(() => browser.close());

const PAGE = `<!doctype html><title>A tab</title><script type="module">
  import { connectTabs } from "/tabs.js";
  globalThis.tab = { record: [], states: [], isHolder: false };
  const Socket = globalThis.WebSocket;
  globalThis.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      tab.isHolder = true;
    }
  };
  const reactor = connectTabs({ events: ["news_*"], worker: WORKER });
  reactor.on("*", ({ seq }) => tab.record.push(seq));
  reactor.onState((state) => tab.states.push(state));
</script>`;

class Tabs {
  readonly server: Server;
  all: PlainTab[] = [];
  readonly #url: string;

  private constructor(server: Server, url: string) {
    this.server = server;
    this.#url = url;
  }

  static async open(count: number, makeWorker = "undefined"): Promise<Tabs> {
    const server = await serve();
    const html = PAGE.replace("WORKER", makeWorker);
    const site = await startPageServer(server.port, html, { "/tabs.js": script, "/tabs-worker.js": worker });
    stopAfterwards(() => site.stop());
    const tabs = new Tabs(server, site.url);
    for (let n = 0; n < count; n++) await tabs.add();
    return tabs;
  }

  async add(): Promise<void> {
    const tab = await PlainTab.open(browser, this.#url);
    stopAfterwards(() => tab.close());
    this.all.push(tab);
    await expect.poll(() => tab.evaluate("globalThis.tab?.states.at(-1)"), PATIENCE).toBe("connected");
  }

  /** Emits five events, one request each. */
  async emit(): Promise<void> {
    for (let n = 0; n < 5; n++) expect((await this.server.post({ type: "news_processed", data: { n } })).ok).toBe(true);
  }

  /** Takes out the one that holds the connection. */
  async takeHolder(): Promise<PlainTab> {
    for (const tab of this.all) {
      if (!(await tab.evaluate("tab.isHolder"))) continue;
      this.all = this.all.filter((other) => other !== tab);
      return tab;
    }
    throw new Error("No tab has opened a socket.");
  }

  async connected(): Promise<unknown> {
    const stats = (await (await fetch(`${this.server.url}/ws/stats`)).json()) as { connected_clients: number };
    return stats.connected_clients;
  }

  /** Every tab has heard everything up to `last`, once and in order. */
  async expectWhole(last: number): Promise<void> {
    const whole = Array.from({ length: last }, (_, index) => index + 1);
    for (const tab of this.all) await expect.poll(() => tab.evaluate("tab.record"), PATIENCE).toEqual(whole);
  }
}

it("[K36] [K38] keeps one socket and every record whole as the holder is closed, crashes, and freezes", async () => {
  const tabs = await Tabs.open(TABS);
  await tabs.emit();
  await tabs.expectWhole(5);
  expect(await tabs.connected()).toBe(1);

  await (await tabs.takeHolder()).close();
  await tabs.emit();
  await tabs.expectWhole(10);
  expect(await tabs.connected()).toBe(1);

  (await tabs.takeHolder()).crash();
  await tabs.emit();
  await tabs.expectWhole(15);
  await expect.poll(() => tabs.connected(), PATIENCE).toBe(1);

  const frozen = await tabs.takeHolder();
  await frozen.freeze();
  await tabs.emit();
  await tabs.expectWhole(20);
  expect(await tabs.connected()).toBe(2); // that of the frozen one stays open until it runs again, or the hub finds it silent (L6)
  await frozen.thaw();
  await tabs.emit();
  tabs.all.push(frozen);
  await tabs.expectWhole(25);
  await expect.poll(() => tabs.connected(), PATIENCE).toBe(1);
}, 240_000);

it("[K40] lets a worker hold the connection, undisturbed by tabs that freeze and are closed", async () => {
  const tabs = await Tabs.open(3, '() => new SharedWorker("/tabs-worker.js")');
  const [first, second, third] = tabs.all as [PlainTab, PlainTab, PlainTab];
  await tabs.emit();
  await tabs.expectWhole(5);
  expect(await tabs.connected()).toBe(1);
  await first.freeze();
  await second.close();
  tabs.all = [third];
  await tabs.emit();
  await tabs.expectWhole(10);
  await first.thaw();
  tabs.all = [first, third];
  await tabs.expectWhole(10);
  await tabs.add();
  expect(await tabs.connected()).toBe(1);
  for (const tab of tabs.all) expect(await tab.evaluate("tab.isHolder")).toBe(false);
}, 120_000);

it("[K40] does without the worker where it cannot be loaded", async () => {
  const tabs = await Tabs.open(2, '() => new SharedWorker("/no-such-worker.js")');
  await tabs.emit();
  await tabs.expectWhole(5);
  expect(await tabs.connected()).toBe(1);
}, 60_000);
