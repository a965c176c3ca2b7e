// The examples, in copies that have the packed tarball, as their READMEs start them. Those that install from the registry (Vite, Next.js)
// take minutes: CI and `npm run examples` try them too, and skip them with a sentence where no registry can be reached.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { unstable_getMiniflareWorkerOptions, unstable_readConfig } from "wrangler";
import { connect } from "../../src/client/index.ts";
import { npm } from "../../tools/package/npm.ts";
import { pack, TARBALL } from "../../tools/package/tarball.ts";
import { programFile, ROOT, runProgram } from "../../tools/program.ts";
import { launchBrowser } from "./browser.ts";
import { serve, stopAfterwards } from "./stops.ts";

const PATIENCE = { timeout: 30_000 };
/** Of a test that installs and builds, in ms. */
const WITH_REGISTRY = 600_000;
const wantsAll = Boolean(process.env.REACTOR_EXAMPLES);

let scratch: string;
let browser: Browser;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "examples-"));
  await pack(scratch);
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await rm(scratch, { recursive: true, force: true });
});

/** A copy of an example, installed. @param needs "tarball": nothing else is asked for, from nowhere */
async function installed(name: string, needs: "tarball" | "registry"): Promise<string> {
  const folder = join(scratch, name);
  const from = join(ROOT, "examples", name);
  const isOfInstall = (path: string) => /node_modules|\.next|dist|\.wrangler/.test(path.slice(from.length));
  await cp(from, folder, { recursive: true, filter: (path) => !isOfInstall(path) });
  const file = join(folder, "package.json");
  const { devDependencies, ...rest } = JSON.parse(await readFile(file, "utf8"));
  rest.dependencies["pulse-reactor"] = `file:${TARBALL}`;
  await writeFile(file, JSON.stringify(needs === "registry" ? { ...rest, devDependencies } : rest));
  await npm(folder, [
    "install",
    "--no-package-lock",
    "--fetch-retries=1",
    ...(needs === "tarball" ? ["--offline"] : []),
  ]);
  return folder;
}

/** What npm says where there is no network, and no cache. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED/;

/** As `installed` from the registry; skips the test where that cannot be reached. */
async function installedOrSkipped(name: string, { skip }: TestContext): Promise<string> {
  try {
    return await installed(name, "registry");
  } catch (error) {
    if (UNREACHABLE.test(String(error))) skip(`No registry can be reached, from which examples/${name} installs.`);
    throw error;
  }
}

/** A program of an example that runs until the test is over, with what it has printed. */
function run(folder: string, file: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (printed += text));
  stopAfterwards(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  return { child, printed: () => printed };
}

const urlIn = (text: string) => /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(stripVTControlCharacters(text))?.[0];

/** Opens the page, and expects news that were there, and one that follows. */
async function expectNews(url: string, post: (event: unknown) => Promise<unknown>): Promise<void> {
  const page = await browser.newPage();
  await page.goto(url);
  const texts = () => page.locator("li").allTextContents();
  await expect.poll(texts, PATIENCE).toEqual(["First"]);
  await expect.poll(() => page.locator("p").textContent(), PATIENCE).toBe("connected");
  await post({ type: "news_processed", data: { title: "Hello" } });
  await expect.poll(async () => (await texts()).toSorted(), PATIENCE).toEqual(["First", "Hello"]);
  await page.close();
}

const FIRST = { type: "news_processed", data: { title: "First" } };

it("html: a page without a build", async () => {
  const server = await serve();
  await server.post(FIRST);
  const { printed } = run(await installed("html", "tarball"), "serve.js", [], { PORT: "0" });
  await expect.poll(() => urlIn(printed()), PATIENCE).toBeDefined();
  await expectNews(`${urlIn(printed())}/?hub=${server.url}`, server.post);
});

it("node: a program that resumes after a restart", async () => {
  const server = await serve();
  const folder = await installed("node", "tarball");
  const first = run(folder, "listen.js", [], { HUB: server.url });
  await expect.poll(first.printed, PATIENCE).toContain("connected");
  await server.post({ type: "a", data: { n: 1 } });
  await expect.poll(first.printed, PATIENCE).toContain('1 a {"n":1}');
  first.child.kill("SIGTERM");
  expect(await once(first.child, "exit")).toEqual([0, null]);
  await server.post({ type: "b", data: {} });
  const second = run(folder, "listen.js", [], { HUB: server.url });
  await expect.poll(second.printed, PATIENCE).toContain("2 b {}");
  expect(second.printed()).not.toContain("1 a");
});

it("worker: a hub in a Worker of one's own, by its wrangler.toml, with routes and listeners beside", async () => {
  const folder = await installed("worker", "tarball");
  const types = join(folder, "node_modules/@cloudflare/workers-types");
  await mkdir(dirname(types), { recursive: true });
  await symlink(join(ROOT, "node_modules/@cloudflare/workers-types"), types, "junction");
  const compiled = await runProgram(programFile("typescript", "tsc"), ["-p", folder], { capture: true });
  expect(compiled.output).toBe("");

  const config = unstable_readConfig({ config: join(folder, "wrangler.toml") });
  const script = join(folder, "built.js");
  await build({
    entryPoints: [String(config.main)],
    bundle: true,
    format: "esm",
    external: ["cloudflare:workers", "node:*"],
    outfile: script,
  });
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      name: "example",
      modules: [{ type: "ESModule", path: script }],
      modulesRoot: folder,
      bindings: {},
      host: "127.0.0.1",
      port: 0,
      cf: false,
    }),
  );
  stopAfterwards(() => miniflare.dispose());
  const { origin } = await miniflare.ready;

  const heard: string[] = [];
  const reactor = connect(origin);
  stopAfterwards(() => reactor.close());
  reactor.on("*", ({ type, data }) => heard.push(`${type} ${JSON.stringify(data)}`));
  await expect.poll(() => reactor.state, PATIENCE).toBe("connected");

  const answers = await Promise.all(
    ["/order?order=42", "/order?order=", "/order?order=x", "/", "/favicon.ico"].map((path) => fetch(origin + path)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 404, 404]);
  await expect.poll(() => heard.toSorted(), PATIENCE).toEqual(['mail_sent {"order":42}', 'order_paid {"order":42}']);
  const emitted = await fetch(`${origin}/api/events`, { method: "POST", body: "{}" });
  expect([emitted.status, (await emitted.json()).code]).toEqual([503, "emit_not_configured"]);
}, 120_000);

const ONLY = wantsAll ? "" : " (by CI and `npm run examples` only: it installs from the registry)";

it.runIf(wantsAll)(
  `vite-react: typed hooks below a provider${ONLY}`,
  async (context) => {
    const server = await serve();
    await server.post(FIRST);
    process.env.VITE_HUB = server.url; // it is built in
    const folder = await installedOrSkipped("vite-react", context);
    await npm(folder, ["run", "build"]);
    const vite = "node_modules/vite/bin/vite.js";
    const { printed } = run(folder, vite, ["preview", "--port", "0", "--host", "127.0.0.1"], {});
    await expect.poll(() => urlIn(printed()), PATIENCE).toBeDefined();
    await expectNews(String(urlIn(printed())), server.post);
  },
  WITH_REGISTRY,
);

it.runIf(wantsAll)(
  `next: a page that a server renders, and that streams from there on${ONLY}`,
  async (context) => {
    const server = await serve();
    await server.post(FIRST);
    const folder = await installedOrSkipped("next", context);
    process.env.NEXT_TELEMETRY_DISABLED = "1";
    await npm(folder, ["run", "build"]);
    const { printed } = run(
      folder,
      "node_modules/next/dist/bin/next",
      ["start", "--port", "0", "--hostname", "127.0.0.1"],
      {
        HUB: server.url,
      },
    );
    await expect.poll(() => urlIn(printed()), PATIENCE).toBeDefined();
    const html = await (await fetch(String(urlIn(printed())))).text();
    expect(html).toContain("First"); // rendered by the server
    await expectNews(String(urlIn(printed())), server.post);
  },
  WITH_REGISTRY,
);
