import { residentBytes } from "../../tools/process-use.ts";
import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SUBSCRIBERS = 10;
const EVENT_BYTES = 16 * 1024;
const EVENTS_PER_SECOND = 200;
/** 20 MB per subscriber: the kernel's buffers hold up to 9 MB of what is not read. */
const SECONDS = 6;

interface Phase {
  readonly p99Ms: number;
  readonly peakMiB: number;
}

export const stalled: Bench = {
  name: "stalled",
  question:
    "How does the latency of 10 subscribers change beside one that does not read? (16 KiB, 200 events per second)",
  takesSeconds: 45,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const server = await stage.start(startReactor(run.worker));
      const group = await stage.open(server, { count: SUBSCRIBERS, sampleEvery: 1 });
      const one = await stage.open(server, { count: 1, sampleEvery: 1 });
      const emitter = stage.publish(server, emitBody(1, EVENT_BYTES), 4);
      const rounds: (readonly [without: Phase, beside: Phase])[] = [];
      const caughtUpMs: number[] = [];
      await phase(server, group, emitter);
      for (let round = 0; round < run.rounds; round++) {
        run.progress(round / run.rounds, "all read");
        const without = await phase(server, group, emitter);
        run.progress((round + 0.5) / run.rounds, "one does not read");
        await one.reset();
        await one.pause();
        rounds.push([without, await phase(server, group, emitter)]);
        const startMs = performance.now();
        await one.resume();
        await one.receive(EVENTS_PER_SECOND * SECONDS); // throws if any is missing
        caughtUpMs.push(performance.now() - startMs);
      }
      const compare = (what: string, unit: string, key: keyof Phase): Finding => ({
        what,
        unit,
        subject: rounds.map(([, beside]) => beside[key]),
        control: { name: "without it", values: rounds.map(([without]) => without[key]) },
      });
      const more = rounds.map(([without, beside]) => Math.max(0, beside.peakMiB - without.peakMiB));
      return [
        { ...compare("p99 of the others from emit to receipt", "ms", "p99Ms"), target: { atMost: 1.5 } },
        compare("peak memory of workerd", "MiB", "peakMiB"),
        { what: "additional memory", unit: "MiB", subject: more, target: { atMost: 32 } },
        { what: "until it has caught up", unit: "ms", subject: caughtUpMs },
      ];
    }),
};

async function phase(server: Server, group: RemoteGroup, emitter: Emitter): Promise<Phase> {
  let peak = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, residentBytes(server));
  }, 100);
  try {
    await group.reset();
    const { events } = await emitter.runPaced(EVENTS_PER_SECOND, SECONDS);
    const { latencies } = await group.receive(events);
    return { p99Ms: new Latencies(latencies).percentileMs(0.99), peakMiB: peak / 2 ** 20 };
  } finally {
    clearInterval(watching);
  }
}
