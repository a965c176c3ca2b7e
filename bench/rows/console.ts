// What the page at /live costs a browser, beside the page that it was: until its first paint, and per frame while events come.
import { once } from "node:events";
import { createReadStream, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { basename, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { launch, prepareBrowser } from "../../tools/dev/browser.ts";
import { ROOT } from "../../tools/program.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBodies } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const BATCH = 20;
const POSTS_PER_SECOND = 50;
/** A round is five times as long as another bench's: a page's slowest frames are few. */
const LONGER = 5;
/** How often each page is opened in a round. */
const OPENINGS = 5;
const PATIENCE_MS = 20_000;

const TYPES: Readonly<Record<string, string>> = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };

/** Where a page's files are. */
interface Files {
  readonly html: string;
  readonly css: string;
  readonly scripts: string;
}

const BUILT = join(ROOT, "dist/public");
const BEFORE = join(ROOT, "test/fixtures/live-99931b9");
const TODAY: Files = {
  html: join(BUILT, "live.html"),
  css: join(BUILT, "static/live.css"),
  scripts: join(BUILT, "static/js"),
};
const THEN: Files = { html: join(BEFORE, "live.html"), css: join(BEFORE, "live.css"), scripts: BEFORE };

/** What a page in English loads: its script, and what that imports. */
const LOADED = /^(live|chunk-.*|uPlot.*)\.js$/;

/** Measures the time between frames. */
const FRAMES = `
  globalThis.gaps = [];
  let before = performance.now();
  const frame = (nowMs) => {
    gaps.push(nowMs - before);
    before = nowMs;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

interface Side {
  readonly name: string;
  readonly url: string;
  readonly page: Page;
  readonly emitter: Emitter;
  readonly kilobytes: number;
  readonly paintsMs: number[];
  readonly framesMs: number[][];
}

export const liveConsole: Bench = {
  name: "console",
  question: `How soon is /live painted, and how long are its frames at ${(BATCH * POSTS_PER_SECOND).toLocaleString("en")} events per second?`,
  takesSeconds: 90,
  run: (run) => Stage.set((stage) => measure(stage, run)),
};

async function measure(stage: Stage, run: Run): Promise<readonly Finding[]> {
  const browser = await launch(await prepareBrowser());
  try {
    const today = await openSide(stage, run, browser, "today's page", TODAY);
    const before = await openSide(stage, run, browser, "the page before", THEN);
    for (let round = -1; round < run.rounds; round++) {
      for (const side of [today, before]) {
        run.progress((round + 1) / (run.rounds + 1), `round ${round + 1}, ${side.name}`);
        const paintMs = await paintOf(browser, side);
        const gaps = await framesWhile(side, run.seconds * LONGER);
        if (round < 0) continue; // the first warms up
        side.paintsMs.push(paintMs);
        side.framesMs.push(gaps);
      }
    }
    const frames = (share: number) => ({
      subject: today.framesMs.map((gaps) => percentile(gaps, share)),
      control: { name: before.name, values: before.framesMs.map((gaps) => percentile(gaps, share)) },
    });
    return [
      { what: "script, gzipped", unit: "kB", subject: [today.kilobytes], target: { atMost: 130 } },
      {
        what: `first paint, median of ${OPENINGS}`,
        unit: "ms",
        subject: today.paintsMs,
        control: { name: before.name, values: before.paintsMs },
        target: { atMost: 1 },
      },
      { what: "p99 of the time between frames", unit: "ms", ...frames(0.99), target: { atMost: 1 } },
      { what: "p50 of that", unit: "ms", ...frames(0.5) },
    ];
  } finally {
    await browser.close();
  }
}

async function openSide(stage: Stage, run: Run, browser: Browser, name: string, files: Files): Promise<Side> {
  const server = await stage.start(startReactor(run.worker));
  const url = await serveBeside(server.port, files);
  const page = await (await browser.newContext()).newPage(); // a window of its own: a hidden page has no frames
  await page.goto(`${url}/live`);
  await page.locator('[data-reactor="connection-status"][data-state="connected"]').waitFor();
  await page.evaluate(FRAMES);
  return {
    name,
    url,
    page,
    emitter: stage.publish(server, emitBodies(BATCH, 200), 4),
    kilobytes: kilobytesOf(files),
    paintsMs: [],
    framesMs: [],
  };
}

function kilobytesOf({ scripts }: Files): number {
  const loaded = readdirSync(scripts).filter((name) => LOADED.test(name));
  const bytes = loaded.map((name) => gzipSync(readFileSync(join(scripts, name)), { level: 9 }).byteLength);
  return bytes.reduce((sum, each) => sum + each, 0) / 1000;
}

/** Serves the page's files, and passes everything else on to the hub. */
async function serveBeside(hubPort: number, files: Files): Promise<string> {
  const to = ({ url, method, headers }: IncomingMessage) => ({
    host: "127.0.0.1",
    port: hubPort,
    path: url,
    method,
    headers,
  });
  const fileOf = (url = ""): string | undefined => {
    if (url.startsWith("/live")) return files.html;
    if (url === "/static/live.css") return files.css;
    return url.startsWith("/static/js/") ? join(files.scripts, basename(url)) : undefined;
  };
  const site = createServer((asked, reply) => {
    const file = fileOf(asked.url);
    if (file !== undefined) {
      reply.setHeader("Content-Type", `${TYPES[extname(file)]}; charset=utf-8`);
      createReadStream(file).pipe(reply);
      return;
    }
    const passed = request(to(asked), (answer) => {
      reply.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(reply);
    });
    passed.on("error", () => reply.destroy());
    asked.pipe(passed);
  });
  site.on("upgrade", (asked, socket) => {
    const hub = connect(hubPort, "127.0.0.1", () => {
      const lines = asked.rawHeaders.flatMap((_, n, all) => (n % 2 === 0 ? [`${all[n]}: ${all[n + 1]}`] : []));
      hub.write(`GET ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.pipe(hub).pipe(socket);
    });
    for (const [one, other] of [
      [socket, hub],
      [hub, socket],
    ] as const)
      one.on("error", () => other.destroy());
  });
  await once(site.listen(0, "127.0.0.1"), "listening");
  site.unref();
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
}

async function paintOf(browser: Browser, { url }: Side): Promise<number> {
  const paintsMs: number[] = [];
  for (let opening = 0; opening < OPENINGS; opening++) {
    const context = await browser.newContext(); // nothing is cached
    const page = await context.newPage();
    await page.goto(`${url}/live`);
    await page.waitForFunction("performance.getEntriesByName('first-contentful-paint').length > 0");
    paintsMs.push(await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime"));
    await context.close();
  }
  return percentile(paintsMs, 0.5);
}

/** @throws an Error if the page does not show every event */
async function framesWhile({ page, emitter }: Side, seconds: number): Promise<number[]> {
  await page.bringToFront();
  const received = page.locator('[data-metric="received"]');
  const before = Number(await received.textContent());
  await page.evaluate("globalThis.gaps.length = 0");
  const { events } = await emitter.runPaced(POSTS_PER_SECOND, seconds);
  const gaps = await page.evaluate<number[]>("globalThis.gaps.slice()");
  await page.waitForFunction(
    `Number(document.querySelector('[data-metric="received"]').textContent) >= ${before + events}`,
    undefined,
    { timeout: PATIENCE_MS },
  );
  const heard = Number(await received.textContent()) - before;
  if (heard !== events) throw new Error(`the page received ${heard} events, not ${events}`);
  return gaps;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
