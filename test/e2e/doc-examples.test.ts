// Every `@example` of the package's docstrings does what it says: on a page in a real browser, or in a Worker that binds
// the built hub. (test/unit/doc-examples-in-node.test.ts runs those that need neither.) For a page the log begins with `news_processed {"title":"First"}`; `{"title":"Hello"}` follows once it is
// connected, and its buttons were clicked.
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ENTRIES } from "../../tools/package/entries.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import {
  type DocExample,
  examplesAt,
  type Outcome,
  PAGE,
  patternOf,
  promisedBy,
  withPrint,
} from "../support/doc-examples.ts";
import { launchBrowser } from "./browser.ts";
import { startCallingWorker } from "./calling-worker.ts";
import { openOwnPage } from "./own-page.ts";
import { serve, stopAfterwards } from "./stops.ts";

const ROOT = join(import.meta.dirname, "../..");
const HUB = "https://events.example.org";
const PATIENCE = { timeout: 20_000 };
const SECRETS = { REACTOR_JWT_SECRET: "a secret of at least thirty-two bytes, for tests" };

/** What the examples print, by line, for the test to read. */
const PRINT = `globalThis.printed = {};
globalThis.print = (line, ...values) => {
  const texts = values.map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  (globalThis.printed[line] ??= []).push(texts.join(" "));
};`;

declare const printed: Outcome;

const ON_PAGES = examplesAt("page");

/** `main`, which imports the example, as one script. */
async function bundle({ language, code }: DocExample, main: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: main, loader: "tsx", resolveDir: ROOT },
    banner: { js: PRINT },
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["cloudflare:workers", "node:*"],
    alias: Object.fromEntries(ENTRIES.map(({ name, source }) => [name, source])),
    write: false,
    plugins: [
      {
        name: "example",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^example$/ }, () => ({ path: "example", namespace: "example" }));
          const loader = language === "tsx" ? "tsx" : "ts";
          const loaded = { contents: withPrint(code), loader, resolveDir: ROOT } as const;
          onLoad({ filter: /./, namespace: "example" }, () => loaded);
        },
      },
    ],
  });
  return String(outputFiles[0]?.text);
}

/** Renders the component that the example exports, and prints the page's text whenever it changes. */
const render = (component: string) => `
import * as example from "example";
import { ReactorProvider } from "pulse-reactor/react";
import { createRoot } from "react-dom/client";

const root = document.body.appendChild(document.createElement("main"));
let shown = "";
new MutationObserver(() => {
  if (root.textContent !== shown) print(${PAGE}, (shown = root.textContent));
}).observe(root, { subtree: true, childList: true, characterData: true });
const [Component] = Object.values(example);
createRoot(root).render(${component});`;

const COMPONENT = "<Component />";
/** For an example that does not connect by itself. */
const BELOW_PROVIDER = `<ReactorProvider url="${HUB}">${COMPONENT}</ReactorProvider>`;

const ANSWER_WITH_PRINTED = `
import example from "example";
export * from "example";
export default {
  async fetch(...args) {
    await example.fetch(...args);
    return Response.json(printed);
  },
};`;

/** For `toEqual`. */
const asExpected = (promised: Outcome) =>
  Object.fromEntries(
    Object.entries(promised).map(([line, texts]) => [
      line,
      texts.map((text) => expect.stringMatching(patternOf(text))),
    ]),
  );

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const printedOn = (page: Page) => page.evaluate(() => printed);

/** An empty page that may fetch a token, and a hub whose log has one event. `run` runs the example until it is answered. */
async function pageFor(example: DocExample) {
  const { code, language } = example;
  const channel = /channel: "(\w+)"/.exec(code)?.[1] ?? "main";
  const server = await serve({ vars: { HEARTBEAT_SECONDS: "0", ...(code.includes("token") && SECRETS) } });
  const emit = (title: string) => server.post({ type: "news_processed", data: { title } }, { channel });
  await emit("First");
  const { page, frames, errors } = await openOwnPage(browser, server, "<!doctype html><body></body>");
  const token = await mintToken({ sub: "ada", events: "*", emit: "chat_*", expires: "1h" }, SECRETS);
  await page.route("**/my/token", (route) => route.fulfill({ body: token }));
  const main = language === "tsx" ? render(code.includes(HUB) ? COMPONENT : BELOW_PROVIDER) : 'import "example";';
  const toWs = (url: string) => url.replace("http", "ws");
  const bundled = await bundle(example, main);
  const script = bundled.replaceAll(HUB, server.url).replaceAll(toWs(HUB), toWs(server.url));
  const answer = /reactor_error|reactor_connected/;
  const run = async () => {
    const before = frames.length;
    await page.addScriptTag({ type: "module", content: script });
    await expect.poll(() => frames.slice(before).find((frame) => answer.test(frame)), PATIENCE).toBeDefined();
  };
  return { page, errors, emit, run };
}

it.each(ON_PAGES)("the example of $name does what it says", async (example) => {
  const { page, errors, emit, run } = await pageFor(example);
  await run();
  for (const button of await page.locator("button").all()) await button.click();
  await emit("Hello");
  const promised = asExpected(promisedBy(example));
  await expect.poll(() => printedOn(page), PATIENCE).toEqual(promised);
  expect([await printedOn(page), errors]).toEqual([promised, []]); // and nothing more
});

it("the example of Reactor.cursor resumes on the next visit", async () => {
  const example = ON_PAGES.find(({ name }) => name === "Reactor.cursor");
  if (!example) throw new Error("Reactor.cursor has no example.");
  const { page, emit, run } = await pageFor(example);
  await run();
  await expect.poll(async () => Object.values(await printedOn(page)), PATIENCE).toEqual([["1"]]);
  await page.reload();
  await emit("Meanwhile");
  await run();
  await expect.poll(async () => Object.values(await printedOn(page)), PATIENCE).toEqual([["2"]]);
});

it.each(examplesAt("worker"))("the example of $name does what it says in another Worker", async (example) => {
  const script = await bundle(example, ANSWER_WITH_PRINTED);
  const bindingsTo = (name: string) => ({ REACTOR: { name, entrypoint: "ReactorApi" } });
  const { code } = example;
  const { url, fetched, stop } = await startCallingWorker(script, bindingsTo, code.includes("export class Hub"));
  stopAfterwards(stop);
  const reply = await fetch(url);
  expect(await reply.json()).toEqual(asExpected(promisedBy(example)));
  await expect.poll(() => fetched).toHaveLength(code.split("fetch(`https:").length - 1);
});
