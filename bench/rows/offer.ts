// One build, and two kinds of clients: what it costs the hub that they connect as browsers do.
import { inTurns } from "../against.ts";
import type { Bench, Finding, Run, Target } from "../bench.ts";
import { startReactor } from "../servers/start.ts";
import { type Round, Side } from "../side.ts";
import { Stage } from "../stage.ts";

const SOCKETS = 1_000;

function offer(atATime: number, bytes: Target): Bench {
  return {
    name: `offer-${atATime}`,
    question: `What does a delivery cost where 1,000 clients connect as browsers do? (single events, posted ${atATime} at a time)`,
    takesSeconds: 40,
    run: (run) => Stage.set((stage) => compare(stage, run, atATime, bytes)),
  };
}

async function compare(stage: Stage, run: Run, atATime: number, bytes: Target): Promise<readonly Finding[]> {
  const open = async (offers: boolean) => {
    const load = { batch: 1, atATime, subscribers: { count: SOCKETS, offers } };
    return Side.open(stage, await stage.start(startReactor(run.worker)), load);
  };
  const [subject, control] = [await open(true), await open(false)];
  for (const side of [subject, control]) await side.measure(1); // warms up: the first calls run uncompiled
  for (let round = 0; round < run.rounds; round++) {
    run.progress(round / run.rounds, `round ${round + 1}`);
    await inTurns(round % 2 === 0 ? [subject, control] : [control, subject], run.seconds);
  }
  const beside = (what: string, unit: string, value: (round: Round) => number, target?: Target): Finding => ({
    what,
    unit,
    subject: subject.rounds.map(value),
    control: { name: "clients that offer nothing", values: control.rounds.map(value) },
    ...(target && { target }),
  });
  const bytesOf = ({ bytesPerDelivery }: Round) => bytesPerDelivery;
  return [
    beside("deliveries per second", "", ({ perSecond }) => perSecond),
    beside("p50 from emit to receipt", "ms", ({ latencies }) => latencies.percentileMs(0.5)),
    beside("server CPU per delivery", "µs", ({ serverCpuUs, events }) => serverCpuUs / events / SOCKETS, {
      atMost: 1.1,
    }),
    beside("bytes per delivery", "B", bytesOf),
    { what: "bytes per delivery", unit: "B", subject: subject.rounds.map(bytesOf), target: bytes },
  ];
}

export const offer8 = offer(8, { atMost: 100 });
export const offer64 = offer(64, { atMost: 60 });
