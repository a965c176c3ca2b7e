// The crowd is that of test/e2e/hostile.test.ts, in a thread of its own; each who was sent away comes back.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { mintToken } from "../../tools/token/mint-token.ts";
import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { Group } from "../load/readers.ts";
import { residentBytes, type Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const READERS = 50;
const EVENTS_PER_SECOND = 50;
/** A p99 of fewer events would be that of one of them. */
const SECONDS = 6;
/** Each of them does what they came for once in a measured time, or a little more. */
const STAY_MS = 5_000;
const REACTOR_JWT_SECRET = "what the hub of this bench signs with";

export const hostile: Bench = {
  name: "hostile",
  question: "What do 50 readers notice of 200 clients beside them who do what they may not? (50 events a second)",
  takesSeconds: 50,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const server = await stage.start(startReactor(run.worker, { REACTOR_JWT_SECRET }));
      const good = await mint({ events: "bench*" });
      const group = await stage.open(server, {
        count: READERS,
        sampleEvery: 1,
        hearsAll: false,
        path: `/ws/stream?token=${good}&`,
      });
      await group.ping(20_000);
      const emitter = stage.publish(server, emitBody(1, 200), 4);
      const quiet: number[][] = [];
      const beside: number[][] = [];
      const deedsPerSecond: number[] = [];
      await phase(group, emitter);
      for (let round = 0; round < run.rounds; round++) {
        run.progress(round / run.rounds, "in peace");
        quiet.push(await phase(group, emitter));
        run.progress((round + 0.5) / run.rounds, "beside 200 hostile clients");
        const crowd = await gather(server);
        try {
          beside.push(await Promise.race([phase(group, emitter), crowd.failed]));
          deedsPerSecond.push((await crowd.deeds()) / SECONDS);
        } finally {
          await crowd.leave();
        }
      }
      const compare = (what: string, index: number): Finding => ({
        what: `${what} of the good ones from emit to receipt`,
        unit: "ms",
        subject: beside.map((values) => values[index] ?? 0),
        control: { name: "without them", values: quiet.map((values) => values[index] ?? 0) },
      });
      return [
        compare("p50", 0),
        { ...compare("p99", 1), target: { atMost: 2 } },
        { what: "misdeeds", unit: "a second", subject: deedsPerSecond },
        { what: "memory of workerd in the end", unit: "MiB", subject: [residentBytes(server) / 2 ** 20] },
      ];
    }),
};

function mint(wish: object): Promise<string> {
  return mintToken({ sub: "ada", expires: "1h", ...wish }, { REACTOR_JWT_SECRET });
}

/** @returns p50 and p99, in ms; throws if any event was lost or doubled, or a reader closed */
async function phase(group: Group, emitter: Emitter): Promise<number[]> {
  await group.reset();
  const { events } = await emitter.runPaced(EVENTS_PER_SECOND, SECONDS);
  const latencies = new Latencies((await group.take(events)).latencies);
  return [latencies.percentileMs(0.5), latencies.percentileMs(0.99)];
}

/** In a thread of their own: whoever emits and reads here must not wait for them. */
async function gather({ port }: Server) {
  const token = await mint({ sub: "eve", events: "noise_*", emit: "noise_*" });
  const workerData = { port, token, stayMs: STAY_MS };
  const thread = new Worker(new URL("../../test/e2e/hostile-thread.ts", import.meta.url), { workerData });
  const failed = once(thread, "error").then(([error]): never => {
    throw error;
  });
  failed.catch(() => {}); // it is raced against
  return {
    failed,
    async deeds(): Promise<number> {
      thread.postMessage("how many?");
      const [deeds] = await once(thread, "message");
      return Number(deeds);
    },
    leave: () => thread.terminate(),
  };
}
