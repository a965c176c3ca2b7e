// What a React list of many events costs a page, beside a page that only counts them.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { launch, prepareBrowser } from "../../tools/dev/browser.ts";
import { ROOT } from "../../tools/program.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBodies } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const BATCH = 100;
const POSTS_PER_SECOND = 50;
/** The last events of a list: as many as a page shows. */
const KEPT = 50;
/** A round is five times as long as another bench's: a page's slowest frames are few. */
const LONGER = 5;
const PATIENCE_MS = 20_000;

/** What both pages do: they measure the time between their frames. */
const FRAMES = `
  const counts = { events: 0, renders: 0, gaps: [] };
  globalThis.counts = counts;
  let before = 0;
  const frame = (nowMs) => {
    counts.gaps.push(nowMs - before);
    before = nowMs;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

const COUNTS = (hub: string) => `
  import { connect } from "./src/client/index.ts";
  ${FRAMES}
  const reactor = connect("${hub}");
  reactor.on("bench", () => { counts.events += 1; });
  reactor.onState((state) => { globalThis.state = state; });
`;

const LISTS = (hub: string) => `
  import { useEffect } from "react";
  import { createRoot } from "react-dom/client";
  import { ReactorProvider, useReactorEvent, useReactorEvents, useReactorState } from "./src/react/index.ts";
  ${FRAMES}
  function List() {
    useReactorEvent("bench", () => { counts.events += 1; });
    globalThis.state = useReactorState();
    const events = useReactorEvents("bench", { keep: ${KEPT} });
    useEffect(() => { counts.renders += 1; });
    return <ul>{events.map(({ seq, data }) => <li key={seq}>{JSON.stringify(data)}</li>)}</ul>;
  }
  const root = document.body.appendChild(document.createElement("div"));
  createRoot(root).render(<ReactorProvider url="${hub}"><List /></ReactorProvider>);
`;

interface Counts {
  readonly events: number;
  readonly renders: number;
  /** Between frames, in ms. */
  readonly gaps: readonly number[];
}

interface Side {
  readonly name: string;
  readonly page: Page;
  readonly emitter: Emitter;
  readonly rounds: Counts[];
}

export const render: Bench = {
  name: "render",
  question: `How long are a page's frames while a React list shows ${(BATCH * POSTS_PER_SECOND).toLocaleString("en")} events per second?`,
  takesSeconds: 80,
  run: (run) => Stage.set((stage) => measure(stage, run)),
};

async function measure(stage: Stage, run: Run): Promise<readonly Finding[]> {
  const browser = await launch(await prepareBrowser());
  try {
    const list = await openSide(stage, run, browser, "a React list", LISTS);
    const counting = await openSide(stage, run, browser, "a page that only counts", COUNTS);
    for (let round = -1; round < run.rounds; round++) {
      for (const side of [list, counting]) {
        run.progress((round + 1) / (run.rounds + 1), `round ${round + 1}, ${side.name}`);
        const counts = await countsWhile(side, run.seconds * LONGER);
        if (round >= 0) side.rounds.push(counts); // the first warms up
      }
    }
    const values = (of: (counts: Counts) => number) => ({
      subject: list.rounds.map(of),
      control: { name: counting.name, values: counting.rounds.map(of) },
    });
    const excess = list.rounds.map(({ renders, gaps }) => Math.max(renders - gaps.length, 0));
    return [
      { what: "p99 of the time between frames", unit: "ms", ...values(({ gaps }) => percentile(gaps, 0.99)) },
      { what: "p50 of that", unit: "ms", ...values(({ gaps }) => percentile(gaps, 0.5)) },
      { what: "renders beyond one a frame", unit: "", subject: excess, target: { atMost: 0 } },
    ];
  } finally {
    await browser.close();
  }
}

async function openSide(
  stage: Stage,
  run: Run,
  browser: Browser,
  name: string,
  source: (hub: string) => string,
): Promise<Side> {
  const server = await stage.start(startReactor(run.worker));
  const { outputFiles } = await build({
    stdin: { contents: source(`http://127.0.0.1:${server.port}`), loader: "tsx", resolveDir: ROOT },
    bundle: true,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    write: false,
  });
  const site = createServer((_, reply) => {
    reply.setHeader("Content-Type", "text/html; charset=utf-8");
    reply.end(`<!doctype html><body><script type="module">${outputFiles[0]?.text.replaceAll("</", "<\\/")}</script>`);
  });
  await once(site.listen(0, "127.0.0.1"), "listening");
  site.unref();
  const page = await (await browser.newContext()).newPage(); // a window of its own: a hidden page has no frames
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await page.waitForFunction("globalThis.state === 'connected'");
  return { name, page, emitter: stage.publish(server, emitBodies(BATCH, 200), 4), rounds: [] };
}

/** @throws an Error if the page does not hear every event */
async function countsWhile({ page, emitter }: Side, seconds: number): Promise<Counts> {
  await page.bringToFront();
  await page.evaluate("Object.assign(counts, { events: 0, renders: 0, gaps: [] })");
  const { events } = await emitter.runPaced(POSTS_PER_SECOND, seconds);
  await page.waitForFunction(`counts.events >= ${events}`, undefined, { timeout: PATIENCE_MS });
  const counts = await page.evaluate<Counts>("counts");
  if (counts.events !== events) throw new Error(`the page heard ${counts.events} events, not ${events}`);
  return counts;
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;
}
