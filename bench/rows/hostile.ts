// The hostile clients are those of test/e2e/hostile.test.ts, in a thread of their own; one that is closed connects again.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { residentBytes } from "../../tools/process-use.ts";
import { mintToken } from "../../tools/token/mint-token.ts";
import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SUBSCRIBERS = 50;
const EVENTS_PER_SECOND = 50;
/** Of fewer events, the p99 would be the slowest one. */
const SECONDS = 6;
/** How often each of them attacks: about once per measured time. */
const STAY_MS = 5_000;
const REACTOR_JWT_SECRET = "the signing secret of this bench";

export const hostile: Bench = {
  name: "hostile",
  question: "How does the latency of 50 subscribers change beside 200 hostile clients? (50 events per second)",
  takesSeconds: 50,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const server = await stage.start(startReactor(run.worker, { REACTOR_JWT_SECRET }));
      const good = await mint({ events: "bench*" });
      const group = await stage.open(server, {
        count: SUBSCRIBERS,
        sampleEvery: 1,
        receivesAll: false,
        path: `/ws/stream?token=${good}&`,
      });
      await group.ping(20_000);
      const emitter = stage.publish(server, emitBody(1, 200), 4);
      const quiet: number[][] = [];
      const beside: number[][] = [];
      const attacksPerSecond: number[] = [];
      await phase(group, emitter);
      for (let round = 0; round < run.rounds; round++) {
        run.progress(round / run.rounds, "without hostile clients");
        quiet.push(await phase(group, emitter));
        run.progress((round + 0.5) / run.rounds, "beside 200 hostile clients");
        const hostile = await startHostile(server);
        try {
          beside.push(await Promise.race([phase(group, emitter), hostile.failed]));
          attacksPerSecond.push((await hostile.attacks()) / SECONDS);
        } finally {
          await hostile.stop();
        }
      }
      const compare = (what: string, index: number): Finding => ({
        what: `${what} from emit to receipt`,
        unit: "ms",
        subject: beside.map((values) => values[index] ?? 0),
        control: { name: "without them", values: quiet.map((values) => values[index] ?? 0) },
      });
      return [
        compare("p50", 0),
        { ...compare("p99", 1), target: { atMost: 2 } },
        { what: "attacks", unit: "per second", subject: attacksPerSecond },
        { what: "memory of workerd at the end", unit: "MiB", subject: [residentBytes(server) / 2 ** 20] },
      ];
    }),
};

function mint(wish: object): Promise<string> {
  return mintToken({ sub: "ada", expires: "1h", ...wish }, { REACTOR_JWT_SECRET });
}

/** @returns p50 and p99, in ms; throws if an event was lost or doubled, or a subscriber was closed */
async function phase(group: RemoteGroup, emitter: Emitter): Promise<number[]> {
  await group.reset();
  const { events } = await emitter.runPaced(EVENTS_PER_SECOND, SECONDS);
  const latencies = new Latencies((await group.receive(events)).latencies);
  return [latencies.percentileMs(0.5), latencies.percentileMs(0.99)];
}

/** In a thread of their own, so that the publisher and the subscribers here do not wait for them. */
async function startHostile({ port }: Server) {
  const token = await mint({ sub: "eve", events: "noise_*", emit: "noise_*" });
  const workerData = { port, token, stayMs: STAY_MS };
  const thread = new Worker(new URL("../../test/e2e/hostile-thread.ts", import.meta.url), { workerData });
  const failed = once(thread, "error").then(([error]): never => {
    throw error;
  });
  failed.catch(() => {}); // it is raced against
  return {
    failed,
    async attacks(): Promise<number> {
      thread.postMessage("how many?");
      const [attacks] = await once(thread, "message");
      return Number(attacks);
    },
    stop: () => thread.terminate(),
  };
}
