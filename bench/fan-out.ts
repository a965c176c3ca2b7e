// The load of the fan-out benches: publishers that each post again as soon as they are answered, and 1,000 subscribers.
import type { Finding, Run, Target } from "./bench.ts";
import type { Dialect } from "./load/load-subscriber.ts";
import { startBareHub, startNodeWs, startReactor } from "./servers/start.ts";
import { type Load, type Round, Side } from "./side.ts";
import { Stage } from "./stage.ts";

export interface FanOut {
  /** The dialect of Reactor's subscribers. */
  readonly dialect: Dialect;
  /** Events per POST, and how many POSTs are in flight at a time. */
  readonly batch: number;
  readonly atATime: number;
  readonly throughput: Target;
  /** For p50 and p99 from emit to receipt. */
  readonly latency?: Target;
  /** For the throughput beside Node with `ws`, which has no runtime between it and its sockets. */
  readonly node?: Target;
}

const SOCKETS = 1_000;

/** Deliveries per second and latencies of Reactor, the bare hub and Node with `ws`, in turns. */
export function fanOut(options: FanOut, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage) => {
    const { batch, atATime, dialect } = options;
    const load: Load = { batch, atATime, subscribers: { count: SOCKETS, dialect } };
    const sides: Side[] = [];
    for (const start of [() => startReactor(run.worker), startBareHub, startNodeWs]) {
      run.progress(sides.length / 20, "starting");
      sides.push(await Side.open(stage, await stage.start(start()), load));
    }
    for (const side of sides) await side.measure(0.3); // warms up: the first calls run uncompiled
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, side] of sides.entries()) {
        run.progress(0.2 + (0.8 * (round * sides.length + index)) / (run.rounds * sides.length), side.server.name);
        side.rounds.push(await side.measure(run.seconds));
      }
    }
    return findings(options, sides);
  });
}

function findings({ throughput, latency, node: ahead }: FanOut, [subject, bare, node]: readonly Side[]): Finding[] {
  if (!subject || !bare || !node) throw new Error("a fan-out has three sides");
  const compare = (
    what: string,
    unit: string,
    value: (round: Round) => number,
    control: Side,
    target?: Target,
  ): Finding => ({
    what,
    unit,
    subject: subject.rounds.map(value),
    control: { name: control.server.name, values: control.rounds.map(value) },
    ...(target && { target }),
  });
  const perSecond = (round: Round) => round.perSecond;
  const p50Ms = ({ latencies }: Round) => latencies.percentileMs(0.5);
  const p99Ms = ({ latencies }: Round) => latencies.percentileMs(0.99);
  const cpuUs = ({ serverCpuUs, events, subscribers }: Round) => serverCpuUs / events / subscribers;
  return [
    { ...compare("deliveries per second", "", perSecond, bare, throughput), note: noteOf([subject, bare, node]) },
    compare("p50 from emit to receipt", "ms", p50Ms, bare, latency),
    compare("p99 from emit to receipt", "ms", p99Ms, bare, latency),
    compare("emits answered per second", "", ({ emitsPerSecond }) => emitsPerSecond, bare),
    compare("server CPU per delivery", "µs", cpuUs, bare),
    compare("bytes per delivery", "B", ({ bytesPerDelivery }) => bytesPerDelivery, bare),
    compare("deliveries per second", "", perSecond, node, ahead),
    compare("p99 from emit to receipt", "ms", p99Ms, node),
  ];
}

/** The load of the subscribers' thread shows whether that thread, and not the server, was the bottleneck. */
function noteOf(sides: readonly Side[]): string {
  const percent = (share = 0) => `${Math.round(100 * share)} %`;
  const parts = sides.map(({ server, rounds }) => {
    const last = rounds[rounds.length - 1];
    const frames = `${last?.eventsPerFrame.toFixed(1)} events per frame`;
    return `${server.name} ${percent(last?.serverCpu)}, its subscribers ${percent(last?.subscribersCpu)}, ${frames}`;
  });
  return `share of a core: ${parts.join("; ")}`;
}
