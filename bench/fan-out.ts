// The load of the fan-out benches: some publishers, each posting again once it was answered, and a thousand readers.
import type { Finding, Run, Target } from "./bench.ts";
import type { Emitter } from "./load/emitter.ts";
import { emitBody } from "./load/event-body.ts";
import { Latencies } from "./load/latencies.ts";
import type { Dialect } from "./load/reader.ts";
import type { Group } from "./load/readers.ts";
import { cpuUs, type Server } from "./servers/server.ts";
import { startBareHub, startNodeWs, startReactor } from "./servers/start.ts";
import { Stage } from "./stage.ts";

export interface FanOut {
  /** Of Reactor's readers. */
  readonly dialect: Dialect;
  /** Events of one POST, and how many POSTs are on their way at a time. */
  readonly batch: number;
  readonly atATime: number;
  readonly throughput: Target;
  /** Of p50 and p99 from emit to receipt. */
  readonly latency?: Target;
  /** Of the throughput, to Node with `ws`, which has no runtime between it and its sockets. */
  readonly node?: Target;
}

const SOCKETS = 1_000;
const EVENT_BYTES = 200;

interface Side {
  readonly server: Server;
  readonly group: Group;
  readonly emitter: Emitter;
  readonly rounds: Round[];
}

interface Round {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly emitsPerSecond: number;
  readonly eventsAFrame: number;
  /** Of a core. */
  readonly readersCpu: number;
  readonly serverCpu: number;
}

/** Deliveries a second and latencies of Reactor, the bare hub and Node with `ws`, in turns. */
export function fanOut(options: FanOut, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage) => {
    const body = emitBody(options.batch, EVENT_BYTES);
    const sides: Side[] = [];
    for (const start of [() => startReactor(run.worker), startBareHub, startNodeWs]) {
      run.progress(sides.length / 20, "starting");
      const server = await stage.start(start());
      const isReactor = server.name === "Reactor";
      const group = await stage.open(server, { count: SOCKETS, ...(isReactor && { dialect: options.dialect }) });
      sides.push({ server, group, emitter: stage.publish(server, body, options.atATime), rounds: [] });
    }
    for (const side of sides) await measure(side, 0.3); // code that is not compiled yet says nothing
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, side] of sides.entries()) {
        run.progress(0.2 + (0.8 * (round * sides.length + index)) / (run.rounds * sides.length), side.server.name);
        side.rounds.push(await measure(side, run.seconds));
      }
    }
    return findings(options, sides);
  });
}

async function measure({ server, group, emitter }: Side, seconds: number): Promise<Round> {
  await group.reset();
  const cpuBefore = cpuUs(server);
  const emitted = await emitter.run({ seconds });
  const taken = await group.take(emitted.events);
  const latencies = new Latencies(taken.latencies);
  return {
    perSecond: (taken.delivered * 1e6) / (taken.lastUs - emitted.firstUs),
    p50Ms: latencies.percentileMs(0.5),
    p99Ms: latencies.percentileMs(0.99),
    emitsPerSecond: (emitted.requests * 1e6) / (emitted.lastUs - emitted.firstUs),
    eventsAFrame: taken.delivered / taken.frames,
    readersCpu: taken.cpuMs / taken.elapsedMs,
    serverCpu: (cpuUs(server) - cpuBefore) / 1e3 / taken.elapsedMs,
  };
}

function findings({ throughput, latency, node: ahead }: FanOut, [subject, bare, node]: readonly Side[]): Finding[] {
  if (!subject || !bare || !node) throw new Error("a fan-out has three sides");
  const compare = (what: string, unit: string, key: keyof Round, control: Side, target?: Target): Finding => ({
    what,
    unit,
    subject: subject.rounds.map((round) => round[key]),
    control: { name: control.server.name, values: control.rounds.map((round) => round[key]) },
    ...(target && { target }),
  });
  return [
    { ...compare("deliveries a second", "", "perSecond", bare, throughput), note: noteOf([subject, bare, node]) },
    compare("p50 from emit to receipt", "ms", "p50Ms", bare, latency),
    compare("p99 from emit to receipt", "ms", "p99Ms", bare, latency),
    compare("emits answered a second", "", "emitsPerSecond", bare),
    compare("deliveries a second", "", "perSecond", node, ahead),
    compare("p99 from emit to receipt", "ms", "p99Ms", node),
  ];
}

/** How busy the readers' thread was shows whether it, and not the server, was measured. */
function noteOf(sides: readonly Side[]): string {
  const percent = (share = 0) => `${Math.round(100 * share)} %`;
  const parts = sides.map(({ server, rounds }) => {
    const last = rounds[rounds.length - 1];
    const frames = `${last?.eventsAFrame.toFixed(1)} events a frame`;
    return `${server.name} ${percent(last?.serverCpu)}, its readers ${percent(last?.readersCpu)}, ${frames}`;
  });
  return `share of a core: ${parts.join("; ")}`;
}
