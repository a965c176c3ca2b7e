// Real clients, beside as many of the bench's own that offer no compression: what they cost the hub, and that all of them get all.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { runtimePorts } from "../../src/client/connection/runtime-ports.ts";
import { connect } from "../../src/client/index.ts";
import { launch, prepareBrowser } from "../../tools/dev/browser.ts";
import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBodies } from "../load/event-body.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const CLIENTS = 50;
const POSTS_PER_SECOND = 50;
const PATIENCE_MS = 20_000;

/** Clients that run elsewhere than in the bench's thread of subscribers. */
interface Clients {
  /** How many events each has received so far, and how many messages have come compressed. */
  counts(): Promise<readonly (readonly [events: number, compressed: number])[]>;
  close(): Promise<void>;
}

function bench(name: string, question: string, open: (hub: string, worker: string) => Promise<Clients>): Bench {
  return { name, question, takesSeconds: 40, run: (run) => Stage.set((stage) => measure(stage, run, open)) };
}

async function measure(
  stage: Stage,
  run: Run,
  open: (hub: string, worker: string) => Promise<Clients>,
): Promise<readonly Finding[]> {
  const servers = [await stage.start(startReactor(run.worker)), await stage.start(startReactor(run.worker))] as const;
  const [ours, plain] = servers;
  run.progress(0, "opening");
  const clients = await open(`http://127.0.0.1:${ours.port}`, run.worker);
  try {
    const group = await stage.open(plain, { count: CLIENTS, offers: false });
    const emitters = servers.map((server) => stage.publish(server, emitBodies(1, 200), 4)) as [Emitter, Emitter];
    const rounds: { readonly ours: number; readonly plain: number; readonly compressed: number }[] = [];
    for (let round = -1; round < run.rounds; round++) {
      run.progress((round + 1) / (run.rounds + 1), `round ${round + 1}`);
      const before = await clients.counts();
      const oursUs = await cpuPerDelivery(ours, emitters[0], run.seconds, (events) =>
        received(clients, before, events),
      );
      await group.reset();
      const plainUs = await cpuPerDelivery(plain, emitters[1], run.seconds, (events) => group.receive(events));
      const compressed = sum(await clients.counts(), 1) - sum(before, 1);
      if (round >= 0) rounds.push({ ours: oursUs, plain: plainUs, compressed }); // the first warms up
    }
    return [
      {
        what: "server CPU per delivery",
        unit: "µs",
        subject: rounds.map((each) => each.ours),
        control: { name: "the bench's own, uncompressed", values: rounds.map((each) => each.plain) },
        target: { atMost: 1.1 },
      },
      { what: "compressed messages", unit: "", subject: rounds.map((each) => each.compressed), target: { atLeast: 1 } },
    ];
  } finally {
    await clients.close();
  }
}

async function cpuPerDelivery(
  server: Server,
  emitter: Emitter,
  seconds: number,
  arrived: (events: number) => Promise<unknown>,
): Promise<number> {
  const beforeUs = cpuUs(server);
  const { events } = await emitter.runPaced(POSTS_PER_SECOND, seconds);
  await arrived(events);
  return (cpuUs(server) - beforeUs) / events / CLIENTS;
}

/** @throws an Error if one of them does not receive all, or more */
async function received(clients: Clients, before: Awaited<ReturnType<Clients["counts"]>>, events: number) {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const counts = (await clients.counts()).map(([count], index) => count - (before[index]?.[0] ?? 0));
    if (counts.every((count) => count === events)) return;
    if (performance.now() > endMs || counts.some((count) => count > events)) {
      throw new Error(`the clients received ${counts.join(", ")} events, not ${events} each`);
    }
    await pause(50);
  }
}

function sum(counts: readonly (readonly [number, number])[], index: 0 | 1): number {
  return counts.reduce((total, each) => total + each[index], 0);
}

/** A page that counts. It is served by a site of its own: the bench's hubs have no assets. */
const PAGE = (hub: string) => `<!doctype html><script type="module">
  import { connect } from "/client.js";
  globalThis.counts = [0, 0];
  globalThis.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => { if (typeof data !== "string") counts[1] += 1; });
    }
  };
  const reactor = connect({ url: "${hub}" });
  reactor.on("bench", () => { counts[0] += 1; });
  reactor.onState((state) => { globalThis.state = state; });
</script>`;

async function openPages(hub: string, worker: string): Promise<Clients> {
  const script = await readFile(join(dirname(worker), "../public/static/js/client.js"));
  const site = createServer(({ url }, reply) => {
    const isScript = url === "/client.js";
    reply.setHeader("Content-Type", isScript ? "text/javascript" : "text/html");
    reply.end(isScript ? script : PAGE(hub));
  });
  await once(site.listen(0, "127.0.0.1"), "listening");
  const browser = await launch(await prepareBrowser());
  const pages: Page[] = [];
  for (let n = 0; n < CLIENTS; n++) {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    await page.waitForFunction("globalThis.state === 'connected'");
    pages.push(page);
  }
  return {
    counts: () => Promise.all(pages.map((page) => page.evaluate<[number, number]>("counts"))),
    async close() {
      await browser.close();
      site.close();
    },
  };
}

async function openSdk(hub: string): Promise<Clients> {
  const counts = Array.from({ length: CLIENTS }, (): [number, number] => [0, 0]);
  const opening = counts.map((own) => {
    const open = (url: string, protocols: string[]) => {
      const socket = runtimePorts.open(url, protocols);
      socket.addEventListener("message", ({ data }) => {
        if (typeof data !== "string") own[1] += 1;
      });
      return socket;
    };
    const reactor = connect({ url: hub, open });
    reactor.on("bench", () => {
      own[0] += 1;
    });
    return new Promise<typeof reactor>((resolve) => {
      reactor.onState((state) => state === "connected" && resolve(reactor));
    });
  });
  const reactors = await Promise.all(opening);
  return {
    counts: async () => counts.map(([events, compressed]) => [events, compressed] as const),
    async close() {
      for (const reactor of reactors) reactor.close();
    },
  };
}

export const pages = bench(
  "pages",
  `What do ${CLIENTS} pages in Chromium cost the hub? (${POSTS_PER_SECOND} events per second)`,
  openPages,
);
export const sdk = bench(
  "sdk",
  `What do ${CLIENTS} clients of the SDK in Node cost the hub? (${POSTS_PER_SECOND} events per second)`,
  openSdk,
);
