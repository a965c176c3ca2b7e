// Versions meet: pages stay open over a deploy, and are updated before or after the hub. The old package is test/fixtures/package-29fa178.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connect, events, type Reactor, replay } from "../../src/client/index.ts";
import { ROOT } from "../../tools/program.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import { launchBrowser } from "./browser.ts";
import { openOwnPage } from "./own-page.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";
import { startProxy } from "./tcp-proxy.ts";

const OLD = join(ROOT, "test/fixtures/package-29fa178");
const SECRETS = { REACTOR_JWT_SECRET: "a secret of at least thirty-two bytes, for tests" };
const VARS = { HEARTBEAT_SECONDS: "0", ...SECRETS };
const PATIENCE = { timeout: 30_000 };

const HUBS = { old: { workerFile: join(OLD, "worker.js") }, new: {} } as const;
const serveHub = (of: keyof typeof HUBS, vars: Record<string, string> = VARS) => serve({ vars, ...HUBS[of] });

interface Client {
  connect(options: object): Reactor;
}
/** What both clients have. */
const CLIENTS: Readonly<Record<"old" | "new", () => Promise<Client>>> = {
  old: () => import(join(OLD, "client/index.js")),
  new: async () => ({ connect }),
};

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const PAIRS = [
  ["old", "new"],
  ["new", "old"],
] as const;

it.each(PAIRS)(
  "[K5] [K6] the %s client hears, emits, changes what it hears, and resumes at the %s hub",
  async (client, hub) => {
    const server = await serveHub(hub);
    const proxy = await startProxy(server.port);
    stopAfterwards(() => proxy.close());
    const token = () => mintToken({ sub: "ada", events: "*", emit: "chat_*", expires: "1h" }, SECRETS);
    await server.post([{ type: "news_a", data: 0 }, { type: "other" }]);

    const reactor = (await CLIENTS[client]()).connect({ url: proxy.url, events: ["news_*"], token, last: 5 });
    stopAfterwards(() => reactor.close());
    const heard: string[] = [];
    const told: string[] = [];
    reactor.on("news_a", ({ data }) => heard.push(`news_a ${data}`));
    reactor.on("chat_message", ({ data, source }) => heard.push(`${source} ${data}`));
    reactor.onReset(({ reason }) => told.push(`reset ${reason}`));
    reactor.onError(({ code }) => told.push(`error ${code}`));
    await expect.poll(() => heard, PATIENCE).toEqual(["news_a 0"]);

    reactor.subscribe(["news_*", "chat_*"]);
    const first = await reactor.emit("chat_message", "one", { id: "m1" });
    const again = await reactor.emit("chat_message", "one", { id: "m1" });
    expect([first.duplicate, again.duplicate, again.cursor]).toEqual([false, true, first.cursor]);
    await expect(reactor.emit("news_a", 1)).rejects.toMatchObject({ code: "forbidden" });

    for (let round = 1; round <= 3; round++) {
      proxy.cut();
      await server.post(Array.from({ length: 400 }, (_, n) => ({ type: "news_a", data: `${round}-${n}` })));
      await expect.poll(() => heard.at(-1), PATIENCE).toBe(`news_a ${round}-399`);
    }
    const expected = [1, 2, 3].flatMap((round) => Array.from({ length: 400 }, (_, n) => `news_a ${round}-${n}`));
    expect(heard).toEqual(["news_a 0", "user:ada one", ...expected]);
    expect(told).toEqual([]);
  },
);

it.each(PAIRS)("[C4] the %s client is told of a loss by the %s hub", async (client, hub) => {
  const server = await serveHub(hub, { HEARTBEAT_SECONDS: "0" });
  const reactor = (await CLIENTS[client]()).connect({ url: server.url, cursor: "zzzz.7" });
  stopAfterwards(() => reactor.close());
  const reasons: string[] = [];
  reactor.onReset(({ reason }) => reasons.push(reason));
  await expect.poll(() => reasons, PATIENCE).toEqual(["epoch"]);
});

it.each(PAIRS)("[K11] the %s client stays away when the %s hub refuses its token", async (client, hub) => {
  const server = await serveHub(hub);
  const reactor = (await CLIENTS[client]()).connect({ url: server.url, token: "not.a.token" });
  const states: unknown[] = [];
  reactor.onState((state, close) => states.push([state, close?.code]));
  await expect.poll(() => states.at(-1), PATIENCE).toEqual(["closed", 4401]);
});

it("[K30] what is new in the client works at the old hub", async () => {
  const server = await serveHub("old", { HEARTBEAT_SECONDS: "0" });
  await server.post([{ type: "a", data: 1 }, { type: "b" }, { type: "a", data: 2 }]);
  const reactor = connect(server.url);
  stopAfterwards(() => reactor.close());
  const replayed: unknown[] = [];
  const looped: unknown[] = [];
  replay(reactor, "a", ({ data }) => replayed.push(data), { last: 10 });
  void (async () => {
    for await (const { data } of events(reactor, "a")) looped.push(data);
  })();
  await expect.poll(() => replayed, PATIENCE).toEqual([1, 2]);
  await server.post({ type: "a", data: 3 });
  await expect.poll(() => [replayed, looped], PATIENCE).toEqual([[1, 2, 3], [3]]);
});

/** The script that legacy pages load: as it was, and as it is. */
const SCRIPTS = { old: join(OLD, "reactor.js"), new: join(ROOT, "dist/public/static/js/reactor.js") } as const;

it.each(PAIRS)("[W1] [W2] the %s script of legacy pages works at the %s hub", async (script, hub) => {
  const server = await serveHub(hub, { HEARTBEAT_SECONDS: "0" });
  const html = await readFile(join(ROOT, "test/e2e/pages/legacy-page.html"), "utf8");
  const code = await readFile(SCRIPTS[script], "utf8");
  const inline = html.replace('<script src="/static/js/reactor.js"></script>', () => `<script>${code}</script>`);
  expect(inline).not.toBe(html);
  const { page, errors } = await openOwnPage(browser, server, inline);
  await expect.poll(() => page.locator("#status").textContent(), PATIENCE).toBe("connected");
  await server.post({ type: "news_processed", data: { n: 1 } });
  await expect.poll(() => page.locator("#news").textContent(), PATIENCE).toBe("1");
  expect(errors).toEqual([]);
});

const PAGE = `
import { ReactorProvider, useReactor } from "pulse-reactor/react";
import { createRoot } from "react-dom/client";

function News() {
  const { connected, events } = useReactor();
  return <main data-connected={connected}>{events.map(({ type }) => type).join()}</main>;
}
createRoot(document.body).render(<ReactorProvider url={location.origin}><News /></ReactorProvider>);`;

const REACTS = { old: join(OLD, "react/index.js"), new: join(ROOT, "src/react/index.ts") } as const;

it.each(PAIRS)("[U1] the %s React binding works at the %s hub", async (react, hub) => {
  const server: Server = await serveHub(hub, { HEARTBEAT_SECONDS: "0" });
  const { outputFiles } = await build({
    stdin: { contents: PAGE, loader: "tsx", resolveDir: ROOT },
    bundle: true,
    format: "iife",
    jsx: "automatic",
    alias: { "pulse-reactor/react": REACTS[react] },
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  const { page, errors } = await openOwnPage(browser, server, "<!doctype html><body></body>");
  await page.addScriptTag({ content: String(outputFiles[0]?.text) });
  await page.locator('main[data-connected="true"]').waitFor({ state: "attached" });
  await server.post([{ type: "a" }, { type: "b" }]);
  await expect.poll(() => page.locator("main").textContent(), PATIENCE).toBe("a,b");
  expect(errors).toEqual([]);
});
