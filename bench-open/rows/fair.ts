// The herd has a thread of its own: what it reads must not delay the one that is live.
import type { Bench, Finding, Run } from "../bench.ts";
import { nowUs } from "../load/clock.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import { LoadThread, type RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const READERS = 200;
const EVENTS = 50_000;
const BATCH = 100;
const EVENTS_PER_SECOND = 20;
const HERD_WITHIN_MS = 300_000;

interface Side {
  readonly server: Server;
  readonly live: RemoteGroup;
  readonly emitter: Emitter;
  /** How many events its log has. */
  events: number;
}

interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly replayedPerSecond: number;
}

export const fair: Bench = {
  name: "fair",
  question:
    "How late is an event to a live subscriber beside 200 that replay 50,000 events each? (20 events per second)",
  takesSeconds: 200,
  comparesBuilds: true,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const herd = new LoadThread();
      try {
        const builds = run.other ? [run.worker, run.other] : [run.worker];
        const sides: Side[] = [];
        for (const worker of builds) sides.push(await open(stage, await stage.start(startReactor(worker)), run));
        const alone: number[] = [];
        const rounds = sides.map((): Round[] => []);
        for (let round = 0; round < run.rounds; round++) {
          for (const [index, side] of sides.entries()) {
            run.progress(0.1 + (0.9 * (round * sides.length + index)) / (run.rounds * sides.length), "replaying");
            if (index === 0) alone.push((await listen(side, 2)).percentileMs(0.5));
            rounds[index]?.push(await beside(side, herd));
          }
        }
        return findings(rounds, alone);
      } finally {
        await herd.stop();
      }
    }),
};

async function open(stage: Stage, server: Server, run: Run): Promise<Side> {
  run.progress(0, "filling a log");
  await stage.publish(server, emitBody(BATCH, 200), 4).run({ requests: EVENTS / BATCH });
  const live = await stage.open(server, { count: 1, sampleEvery: 1 });
  return { server, live, emitter: stage.publish(server, emitBody(1, 200), 4), events: EVENTS };
}

/** What the live subscriber hears in so many seconds. */
async function listen(side: Side, seconds: number): Promise<Latencies> {
  await side.live.reset();
  const { events } = await side.emitter.runPaced(EVENTS_PER_SECOND, seconds);
  side.events += events;
  return new Latencies((await side.live.receive(events)).latencies);
}

/** The same, until a herd has replayed everything. */
async function beside(side: Side, thread: LoadThread): Promise<Round> {
  const latencies = new Latencies();
  const first = { port: side.server.port, path: "/ws/stream?cursor=0.0", dialect: "v1" } as const;
  const startUs = nowUs();
  const herd = await thread.open({ ...first, count: READERS, receivesAll: true });
  const wanted = side.events * READERS;
  while ((await herd.counted()) < wanted && nowUs() - startUs < 1e3 * HERD_WITHIN_MS) {
    latencies.addAll(await listen(side, 1));
  }
  const { delivered, lastUs } = await herd.receive(side.events, HERD_WITHIN_MS);
  await herd.close();
  return {
    p50Ms: latencies.percentileMs(0.5),
    p99Ms: latencies.percentileMs(0.99),
    replayedPerSecond: (delivered * 1e6) / (lastUs - startUs),
  };
}

function findings([subject = [], other]: readonly (readonly Round[])[], alone: readonly number[]): Finding[] {
  const line = (what: string, unit: string, value: (round: Round) => number): Finding => ({
    what,
    unit,
    subject: subject.map(value),
  });
  const compared = (finding: Finding, value: (round: Round) => number): Finding =>
    other ? { ...finding, control: { name: "the other build", values: other.map(value) } } : finding;
  const p50 = line("p50 from emit to receipt", "ms", ({ p50Ms }) => p50Ms);
  const p99 = line("p99 from emit to receipt", "ms", ({ p99Ms }) => p99Ms);
  const perSecond = ({ replayedPerSecond }: Round) => replayedPerSecond;
  const replayed = compared(line("events replayed per second, connecting included", "", perSecond), perSecond);
  return [
    { ...p50, target: { atMost: 50 } },
    { ...p99, target: { atMost: 250 } },
    ...(other ? [compared(p50, ({ p50Ms }) => p50Ms), compared(p99, ({ p99Ms }) => p99Ms)] : []),
    other ? { ...replayed, target: { atLeast: 0.8 } } : replayed,
    { what: "p50 alone, before it", unit: "ms", subject: alone },
  ];
}
