// Channels of one process share a thread, and each paces its sends by what it measures itself.
import type { Bench, Finding, Run } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const READERS = 1_000;
const CHANNELS = 4;
/** Of each channel of four, and of the one: the same deliveries per second. */
const EVENTS_PER_SECOND = 20;
/** Few events are due: a round lasts longer than one of a closed loop. */
const LONGER = 5;

interface Part {
  readonly readers: RemoteGroup;
  readonly emitter: Emitter;
}

interface Side {
  readonly parts: readonly Part[];
  readonly rounds: Latencies[];
}

export const channels: Bench = {
  name: "channels",
  question: `What is the latency where ${CHANNELS} channels of ${READERS / CHANNELS} readers share a process, at ${EVENTS_PER_SECOND} events per second in each, beside one of ${READERS.toLocaleString("en")}?`,
  takesSeconds: 70,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const four = await open(stage, await stage.start(startReactor(run.worker)), CHANNELS);
      const one = await open(stage, await stage.start(startReactor(run.worker)), 1);
      for (let round = -1; round < run.rounds; round++) {
        for (const side of [four, one]) {
          run.progress((round + 1) / (run.rounds + 1), `round ${round + 1}`);
          const latencies = await listen(side, run);
          if (round >= 0) side.rounds.push(latencies); // the first warms up
        }
      }
      const percentile = (what: string, share: number): Finding => ({
        what,
        unit: "ms",
        subject: four.rounds.map((latencies) => latencies.percentileMs(share)),
        control: { name: "one channel", values: one.rounds.map((latencies) => latencies.percentileMs(share)) },
      });
      return [percentile("p50", 0.5), percentile("p99", 0.99)];
    }),
};

async function open(stage: Stage, server: Server, count: number): Promise<Side> {
  const parts: Part[] = [];
  for (let index = 0; index < count; index++) {
    const channel = `channel=c${index}`;
    const to = { protocol: "http", path: `/api/events?${channel}` } as const;
    const readers = await stage.open(server, { path: `/ws/stream?${channel}`, count: READERS / count });
    const emitter = stage.publish({ ...server, speaks: { path: "", dialect: "v1", to } }, emitBody(1, 200), 16);
    parts.push({ readers, emitter });
  }
  return { parts, rounds: [] };
}

/** What all of them hear, in all channels at once. */
async function listen({ parts }: Side, run: Run): Promise<Latencies> {
  const all = new Latencies();
  await Promise.all(parts.map(({ readers }) => readers.reset()));
  await Promise.all(
    parts.map(async ({ readers, emitter }) => {
      const { events } = await emitter.runPaced(EVENTS_PER_SECOND, run.seconds * LONGER);
      all.addAll(new Latencies((await readers.receive(events)).latencies));
    }),
  );
  return all;
}
