// What README.md shows works as it is pasted: curl against the built Worker, pages in a real browser, a Worker that binds it.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { readmeBlock } from "../../tools/package/readme-blocks.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import { launchBrowser } from "./browser.ts";
import { startCallingWorker } from "./calling-worker.ts";
import { openOwnPage } from "./own-page.ts";
import { startPageServer } from "./page-server.ts";
import type { Server } from "./server.ts";
import { serve, stopAfterwards } from "./stops.ts";

const SECRET = "what the hub of README.md signs with";
const SRC = join(import.meta.dirname, "../../src");

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const EMPTY = "<!doctype html><body></body>";

/** A block as a script of a page, with the hub of the test in place of the one that README.md makes up. */
async function bundle(code: string, server: Server): Promise<string> {
  const contents = code
    .replaceAll("https://events.example.org", server.url)
    .replaceAll("wss://events.example.org", server.url.replace("http", "ws"));
  const { outputFiles } = await build({
    stdin: { contents, loader: "tsx", resolveDir: SRC },
    alias: Object.fromEntries(
      ["client", "react", "tabs", "wire"].map((name) => [`pulse-reactor/${name}`, join(SRC, name, "index.ts")]),
    ),
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  return String(outputFiles[0]?.text);
}

/** Runs `code` as the console of the page's developer tools does, under the policy of the page. */
async function paste(page: Page, code: string): Promise<void> {
  const tools = await page.context().newCDPSession(page);
  const { exceptionDetails } = await tools.send("Runtime.evaluate", { expression: code, replMode: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
}

async function connected(server: Server, clients = 1): Promise<void> {
  const count = async () => (await (await fetch(`${server.url}/ws/status`)).json()).connected_clients;
  await expect.poll(count).toBe(clients);
}

it("README's curl emits what README's lines receive in the console of /live", async () => {
  const server = await serve();
  const page = await browser.newPage();
  stopAfterwards(() => page.close());
  const printed: string[] = [];
  page.on("console", (message) => printed.push(message.text()));
  await page.goto(`${server.url}/live`);
  await paste(page, readmeBlock('await import("/static/js/client.js")').code);
  await connected(server, 2); // the page's own client, and the pasted one
  const curl = readmeBlock("Authorization: Bearer dev-key").code.replace("http://localhost:8787", server.url);
  const { stdout } = await promisify(execFile)("bash", ["-c", `${curl.trim()} -s`]);
  expect(JSON.parse(stdout)).toMatchObject({ events: [{ seq: 1, duplicate: false }] });
  await expect.poll(() => printed).toEqual(["1 Hello"]);
});

it("[H15] README's page is the one at /examples/hello.html", async () => {
  const file = await readFile(join(SRC, "../public/examples/hello.html"), "utf8");
  expect(readmeBlock('<ul id="news">').code).toBe(file);
});

/** Opens README's page as it stands, whose `localhost:8787` is the hub of the test. @returns the items that it shows */
async function showsNews(addressOf: (html: string) => Promise<string>): Promise<void> {
  const server = await serve({ vars: { ALLOW_NULL_ORIGIN: "true" } });
  const mapped = await launchBrowser({ args: [`--host-resolver-rules=MAP localhost:8787 127.0.0.1:${server.port}`] });
  stopAfterwards(() => mapped.close());
  const page = await mapped.newPage();
  const errors: string[] = [];
  page.on("console", (message) => errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(await addressOf(readmeBlock('<ul id="news">').code));
  await connected(server).catch((error) => expect([error, ...errors]).toEqual([]));
  await server.post({ type: "news_processed", data: { title: "<b>Hello" } });
  await page.locator("li").waitFor();
  expect(await page.locator("li").allTextContents()).toEqual(["<b>Hello"]);
  expect(errors).toEqual([]);
}

it("[H15] [H17] README's page shows events where the hub serves it", () =>
  showsNews(async () => "http://localhost:8787/examples/hello.html"));

it("[H9] [H17] [K16] README's page shows events at another port of localhost", () =>
  showsNews(async (html) => {
    const site = await startPageServer(0, html);
    stopAfterwards(() => site.stop());
    return site.url.replace("127.0.0.1", "localhost");
  }));

it("[H9] [H17] [K16] README's page shows events when it is opened from a file", () =>
  showsNews(async (html) => {
    const folder = await mkdtemp(join(inject("stateFolder"), "page-"));
    await writeFile(join(folder, "hello.html"), html);
    return pathToFileURL(join(folder, "hello.html")).href;
  }));

it("README's legacy page receives events on its window and from window.reactor", async () => {
  const server = await serve();
  const { printed } = await openOwnPage(browser, server, readmeBlock("/static/js/reactor.js").code);
  await connected(server);
  await server.post([
    { type: "news_processed", data: { title: "news" } },
    { type: "digest_created", data: { title: "digest" } },
  ]);
  await expect.poll(() => printed).toEqual(["news", "digest"]);
});

it("README's client emits with the token that it fetches, and receives its own event", async () => {
  const server = await serve({ vars: { REACTOR_JWT_SECRET: SECRET } });
  const claims = { sub: "ada", events: "chat_*", emit: "chat_*", expires: "1h" };
  const token = await mintToken(claims, { REACTOR_JWT_SECRET: SECRET });
  const { page, printed } = await openOwnPage(browser, server, EMPTY);
  await page.route("**/my/token", (route) => route.fulfill({ body: token }));
  await page.addScriptTag({ type: "module", content: await bundle(readmeBlock("await reactor.emit").code, server) });
  await expect.poll(() => printed.length).toBe(2);
  expect(printed.toSorted()).toEqual([
    expect.stringMatching(/^1 /),
    expect.stringMatching(/^The event is in the log at [a-z0-9]{8}\.1\.$/),
  ]);
});

it("README's client on a plain WebSocket loses nothing over a restart of the hub", async () => {
  const server = await serve({ keepState: true });
  const { page, printed } = await openOwnPage(browser, server, EMPTY);
  await page.addScriptTag({ type: "module", content: await bundle(readmeBlock("pulse-reactor/wire").code, server) });
  await connected(server);
  await server.post({ type: "news_first" });
  await expect.poll(() => printed).toEqual(["1 news_first"]);
  await server.stop();
  const { post } = await serve({ port: server.port, persistTo: server.persistTo });
  await post({ type: "news_second" });
  await expect
    .poll(() => printed.filter((line) => /^\d/.test(line)), { timeout: 20_000 })
    .toEqual(["1 news_first", "2 news_second"]);
});

it("README's tabs share one connection", async () => {
  const server = await serve();
  const { page, printed } = await openOwnPage(browser, server, EMPTY);
  const content = await bundle(readmeBlock("pulse-reactor/tabs").code, server);
  const opened = page.waitForEvent("popup");
  await page.evaluate(() => void open(location.href));
  const other = await opened;
  for (const tab of [page, other]) await tab.addScriptTag({ type: "module", content });
  await connected(server);
  await server.post({ type: "news_processed", data: { n: 1 } });
  await expect.poll(() => printed).toEqual(["news_processed {n: 1}"]);
  await connected(server);
});

it("README's React page shows the events that it subscribed to", async () => {
  const server = await serve();
  const { page } = await openOwnPage(browser, server, EMPTY);
  await page.addScriptTag({ type: "module", content: await bundle(readmeBlock("<ReactorProvider").code, server) });
  await connected(server);
  await server.post([{ type: "digest_created" }, { type: "news_processed" }]);
  await page.locator("li").waitFor();
  expect(await page.locator("li").allTextContents()).toEqual(["news_processed"]);
});

it("README's Worker emits through its binding", async () => {
  const { outputFiles } = await build({
    stdin: { contents: readmeBlock("import type { ReactorApi }").code, loader: "ts" },
    format: "esm",
    write: false,
  });
  const binding = /binding = "(\w+)"\nservice = "([\w-]+)"\nentrypoint = "(\w+)"/;
  const [, key = "", service = "", entrypoint = ""] = binding.exec(readmeBlock("[[services]]").code) ?? [];
  const { url, stop } = await startCallingWorker(String(outputFiles[0]?.text), () => ({
    [key]: { name: service, entrypoint },
  }));
  stopAfterwards(stop);
  const reply = await fetch(url);
  expect(await reply.text()).toMatch(/^The event is in the log at [a-z0-9]{8}\.1\.$/);
});
