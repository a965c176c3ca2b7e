// The client, the legacy script and the legacy dialect in Firefox and WebKitGTK, as Debian's packages have them. Where those are not
// installed their tests are skipped with a sentence; CI installs them. `npm run browsers` tries an outage of a full minute.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FIREFOX } from "./other-browsers/firefox.ts";
import type { OtherBrowser, OtherBrowserKind } from "./other-browsers/other-browser.ts";
import { isOnPath } from "./other-browsers/program-on-path.ts";
import { WEBKIT } from "./other-browsers/webkit.ts";
import { startPageServer } from "./page-server.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The hub is gone for that long, and until each connection has failed a few times. */
const OUTAGE_MS = 1_000 * Number(process.env.REACTOR_OUTAGE_SECONDS ?? 0);
if (!(OUTAGE_MS >= 0))
  throw new Error(`REACTOR_OUTAGE_SECONDS is "${process.env.REACTOR_OUTAGE_SECONDS}", and no number`);
const FAILURES_IN_OUTAGE = 2;

/** About ten are made within a minute (K4), with luck of the draw some more; a client without a backoff makes hundreds. */
const MOST_ATTEMPTS = 25;

/** A pause takes up to 20 s, and Firefox holds an attempt back for up to a minute. */
const BACK = { timeout: 90_000, interval: 100 };

const SOON = { timeout: 20_000, interval: 50 };

/** What pages/both-dialects.html notes of each of its connections. */
interface Note {
  readonly isConnected: boolean;
  /** `n` of the events that it heard. */
  readonly heard: readonly number[];
  /** Sockets that it has opened, and those of them that have closed. */
  readonly attempts: number;
  readonly closed: number;
  /** The protocol of the newest one that opened. */
  readonly protocol: string;
  /** Messages that were binary. */
  readonly binary: number;
}
type Notes = Readonly<Record<"client" | "script" | "plain", Note>>;

const notesOf = (browser: OtherBrowser) => browser.evaluate<Notes>("notes");

/** One member of the notes on the client and the script, which both come back after an outage. */
const ofBoth = async <Name extends keyof Note>(browser: OtherBrowser, name: Name) => {
  const { client, script } = await notesOf(browser);
  return [client[name], script[name]] as const;
};

const pageFile = (name: string) => readFile(join(import.meta.dirname, "pages", name), "utf8");

async function openBoth(browser: OtherBrowser, server: Server): Promise<void> {
  const html = await pageFile("both-dialects.html");
  const site = await startPageServer(server.port, html.replaceAll("HUB", server.url));
  stopAfterwards(() => site.stop());
  await browser.goto(site.url);
  stopAfterwards(() => browser.goto("about:blank"));
  const connected = async () => Object.values(await notesOf(browser)).map(({ isConnected }) => isConnected);
  await expect.poll(connected, SOON).toEqual([true, true, true]);
}

/** Frames of one page, which share a connection as tabs do. @param makeWorker code of a function, or `undefined` */
async function openSharing(browser: OtherBrowser, server: Server, makeWorker: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, "src/tabs/index.ts")],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  const frames = '<iframe src="/frame.html"></iframe>'.repeat(3);
  const site = await startPageServer(server.port, `<!doctype html><title>Several</title>${frames}`, {
    "/frame.html": (await pageFile("sharing-frame.html")).replace("worker: WORKER", `worker: ${makeWorker}`),
    "/tabs.js": String(outputFiles[0]?.text),
    "/tabs-worker.js": await readFile(join(ROOT, "dist/tabs/worker.js"), "utf8"),
  });
  stopAfterwards(() => site.stop());
  await browser.goto(site.url);
  stopAfterwards(() => browser.goto("about:blank"));
  await expect.poll(() => inFrames(browser, "state"), SOON).toEqual(["connected", "connected", "connected"]);
}

/** A member of what each frame says of itself. */
const inFrames = (browser: OtherBrowser, name: "heard" | "state" | "isHolder") =>
  browser.evaluate(`Array.from({ length: frames.length }, (_, index) => frames[index].tab?.${name})`);

/** Another subscriber that can inflate. */
async function joinAsWell(server: Server): Promise<void> {
  const socket = new WebSocket(`${server.wsUrl}/ws/stream?events=news_processed`, ["reactor.v1.deflate"]);
  stopAfterwards(() => socket.close());
  await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
}

const clientsOf = async (server: Server) => (await (await fetch(`${server.url}/ws/stats`)).json()).connected_clients;

const news = (n: number, text = "") => ({ type: "news_processed", data: { n, text } });

describe.each([FIREFOX, WEBKIT])("$name", ({ name, packages, programs, start }: OtherBrowserKind) => {
  const missing = programs.filter((program) => !isOnPath(program)).join(", ");
  const reason = `${name} is not tried, without ${missing} on the PATH. In Debian: apt-get install ${packages}`;

  let browser: OtherBrowser;
  beforeAll(async () => {
    if (missing) process.stdout.write(`${reason}\n`);
    else browser = await start();
  });
  afterAll(() => browser?.close());

  const inBrowser = (title: string, test: () => Promise<void>, timeout?: number) =>
    it(
      `${title}, in ${name}`,
      async ({ skip }) => {
        skip(missing !== "", reason);
        await test();
      },
      timeout,
    );

  inBrowser("[K17] [K35] [W1] [F2] hears events in both dialects, and inflates what is compressed", async () => {
    const server = await serve();
    await openBoth(browser, server);
    await server.post(news(1));
    for (let n = 0; n < 2; n++) await joinAsWell(server); // from three on the hub compresses
    await server.post(Array.from({ length: 20 }, (_, index) => news(index + 2, "the same words ".repeat(100))));
    const all = Array.from({ length: 21 }, (_, index) => index + 1);
    const heard = async () => Object.values(await notesOf(browser)).map((note) => note.heard);
    await expect.poll(heard, SOON).toEqual([all, all, all]);
    const { client, script, plain } = await notesOf(browser);
    expect(client).toMatchObject({ attempts: 1, closed: 0, protocol: "reactor.v1.deflate" });
    expect(client.binary).toBeGreaterThan(0);
    expect(script).toMatchObject({ attempts: 1, closed: 0, protocol: "reactor.v1", binary: 0 });
    expect(plain).toMatchObject({ attempts: 1, closed: 0, protocol: "", binary: 0 });
  });

  inBrowser("[D6] [H15] shows at /live what was there and what comes", async () => {
    const server = await serve();
    await server.post({ type: "before" });
    stopAfterwards(() => browser.goto("about:blank"));
    await browser.goto(`${server.url}/live`);
    const shown = (selector: string) =>
      browser.evaluate(`[...document.querySelectorAll('${selector}')].map(({ innerText }) => innerText)`);
    const rows = () => shown('[data-reactor="events-container"] li:not(.mark)');
    await expect.poll(() => shown('[data-reactor="connection-status"][data-state="connected"]'), SOON).toHaveLength(1);
    await expect.poll(rows, SOON).toEqual([expect.stringContaining("before")]);
    await server.post({ type: "after" });
    await expect.poll(rows, SOON).toEqual([expect.stringContaining("after"), expect.stringContaining("before")]);
  });

  inBrowser(
    "[K36] [K38] has one socket for all who share it, and another of them holds it when that one is gone",
    async () => {
      const server = await serve();
      await openSharing(browser, server, "undefined");
      await server.post(news(1));
      await expect.poll(() => inFrames(browser, "heard"), SOON).toEqual([[1], [1], [1]]);
      expect(await clientsOf(server)).toBe(1);
      const holders = (await inFrames(browser, "isHolder")) as boolean[];
      expect(holders.filter(Boolean)).toHaveLength(1);
      await browser.evaluate(`document.querySelectorAll("iframe")[${holders.indexOf(true)}].remove()`);
      await server.post(news(2));
      await expect
        .poll(() => inFrames(browser, "heard"), SOON)
        .toEqual([
          [1, 2],
          [1, 2],
        ]);
      await expect.poll(() => clientsOf(server), SOON).toBe(1);
    },
  );

  inBrowser("[K40] lets a SharedWorker hold the socket of all who share it", async () => {
    const server = await serve();
    await openSharing(browser, server, '() => new SharedWorker("/tabs-worker.js")');
    await server.post(news(1));
    await expect.poll(() => inFrames(browser, "heard"), SOON).toEqual([[1], [1], [1]]);
    expect(await clientsOf(server)).toBe(1);
    expect(await inFrames(browser, "isHolder")).toEqual([false, false, false]);
  });

  inBrowser(
    "[K2] [K4] [K5] [W9] comes back by itself after an outage, in few attempts, with nothing missed or doubled",
    async () => {
      const first = await serve({ keepState: true });
      await openBoth(browser, first);
      await first.post(news(1));
      await expect.poll(() => ofBoth(browser, "heard"), SOON).toEqual([[1], [1]]);
      await first.kill();
      const fewestClosed = async () => Math.min(...(await ofBoth(browser, "closed")));
      await Promise.all([passed(OUTAGE_MS), expect.poll(fewestClosed, BACK).toBeGreaterThan(FAILURES_IN_OUTAGE)]);

      const second = await serve({ port: first.port, persistTo: first.persistTo });
      const returnedAt = performance.now();
      await second.post([news(2), news(3)]);
      await expect.poll(() => ofBoth(browser, "isConnected"), BACK).toEqual([true, true]);
      const backAfterMs = performance.now() - returnedAt;
      await second.post(news(4));
      const all = [1, 2, 3, 4];
      await expect.poll(() => ofBoth(browser, "heard"), SOON).toEqual([all, all]);
      const [ofClient, ofScript] = await ofBoth(browser, "attempts");
      expect(Math.max(ofClient, ofScript)).toBeLessThanOrEqual(MOST_ATTEMPTS);
      expect(await clientsOf(second)).toBe(2);
      if (OUTAGE_MS === 0) return;
      process.stdout.write(
        `${browser.version}: the hub was gone for ${OUTAGE_MS / 1_000} s; both connected ${(backAfterMs / 1_000).toFixed(1)} s after ` +
          `it was back, with attempt ${ofClient - 1} (client) and ${ofScript - 1} (legacy script)\n`,
      );
    },
    OUTAGE_MS + 240_000,
  );
});
