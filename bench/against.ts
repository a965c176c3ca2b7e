// Two builds of the Worker under the same load, in one run: did a change make anything slower?
//
// A round is four measurements, A B B A and in the next round B A A B, so that a machine that slows down or speeds up
// meanwhile favours neither. The verdict is on the median of the rounds' ratios.
import type { Finding, Run, Target } from "./bench.ts";
import { Latencies } from "./load/latencies.ts";
import { startReactor } from "./servers/start.ts";
import { type Load, type Round, Side } from "./side.ts";
import { pause, Stage } from "./stage.ts";

/** The loads that can be compared, by the name of the bench that puts Reactor under the same load. */
export const LOADS: Readonly<Record<string, Load>> = {
  "fanout-8": { batch: 1, atATime: 8, subscribers: { count: 1_000 } },
  "fanout-64": { batch: 1, atATime: 64, subscribers: { count: 1_000 } },
  "fanout-batch": { batch: 50, atATime: 8, subscribers: { count: 1_000 } },
  "fanout-legacy": { batch: 1, atATime: 8, subscribers: { count: 1_000, dialect: "frames" } },
  quiet: { batch: 1, atATime: 4, postsPerSecond: 10, subscribers: { count: 100, sampleEvery: 1 } },
  "emit-single": { batch: 1, atATime: 16 },
  "emit-64": { batch: 1, atATime: 64 },
  "emit-batch": { batch: 1_000, atATime: 4 },
};

/** An equal build meets them (bench/README.md); one that does more work per event does not. */
const TARGETS = { p50: { atMost: 1.05 }, p99: { atMost: 1.2 }, cpu: { atMost: 1.05 } } as const;

/** A paced load has few events: a round of it lasts longer than one of the others. */
const PACED_FACTOR = 5;

export interface Builds {
  readonly worker: string;
  readonly other: string;
}

export function compareBuilds(load: Load, { worker, other }: Builds, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage) => {
    const sides: [Side, Side] = [
      await Side.open(stage, await stage.start(startReactor(worker)), load),
      await Side.open(stage, await stage.start(startReactor(other)), load),
    ];
    for (const side of sides) await side.measure(1); // warms up: the first calls run uncompiled
    for (let round = 0; round < run.rounds; round++) {
      run.progress(round / run.rounds, `round ${round + 1}`);
      const order = round % 2 === 0 ? sides : sides.toReversed();
      if (load.postsPerSecond === undefined) await inTurns(order, run.seconds);
      else await together(order, run.seconds * PACED_FACTOR, 1_000 / load.postsPerSecond);
    }
    return findingsOf(sides[0].rounds, sides[1].rounds);
  });
}

/** Measures the sides one after the other, and once more the other way round: one round of each. */
export async function inTurns(order: readonly Side[], seconds: number): Promise<void> {
  const measured = new Map<Side, Round[]>(order.map((side) => [side, []]));
  for (const side of [...order, ...order.toReversed()]) measured.get(side)?.push(await side.measure(seconds));
  for (const [side, rounds] of measured) side.rounds.push(merged(rounds));
}

/** At the same time, half an interval apart: the load is too light for one to slow the other, and a disturbance hits both. */
async function together(order: readonly Side[], seconds: number, intervalMs: number): Promise<void> {
  const measuring = order.map(async (side, index) => {
    await pause((index * intervalMs) / order.length);
    side.rounds.push(await side.measure(seconds));
  });
  await Promise.all(measuring);
}

/** The measurements of one side in one round, as one. */
export function merged(rounds: readonly Round[]): Round {
  const [first] = rounds;
  if (!first) throw new Error("a round has measurements");
  const latencies = new Latencies();
  for (const round of rounds) latencies.addAll(round.latencies);
  const sum = (key: "events" | "serverCpuUs") => rounds.reduce((total, round) => total + round[key], 0);
  const mean = (key: "perSecond" | "emitsPerSecond" | "bytesPerDelivery") =>
    rounds.reduce((total, round) => total + round[key], 0) / rounds.length;
  return {
    ...first,
    latencies,
    events: sum("events"),
    serverCpuUs: sum("serverCpuUs"),
    perSecond: mean("perSecond"),
    emitsPerSecond: mean("emitsPerSecond"),
    bytesPerDelivery: mean("bytesPerDelivery"),
  };
}

export function findingsOf(rounds: readonly Round[], others: readonly Round[]): readonly Finding[] {
  const compare = (what: string, unit: string, value: (round: Round) => number, target?: Target): Finding => ({
    what,
    unit,
    subject: rounds.map(value),
    control: { name: "the other build", values: others.map(value) },
    ...(target && { target }),
  });
  return [
    compare("events per second, to all", "", ({ perSecond }) => perSecond),
    compare("p50", "ms", ({ latencies }) => latencies.percentileMs(0.5), TARGETS.p50),
    compare("p99", "ms", ({ latencies }) => latencies.percentileMs(0.99), TARGETS.p99),
    compare("server CPU per event", "µs", ({ serverCpuUs, events }) => serverCpuUs / events, TARGETS.cpu),
    compare("bytes per delivery", "B", ({ bytesPerDelivery }) => bytesPerDelivery),
  ];
}
