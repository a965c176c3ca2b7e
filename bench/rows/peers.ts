import type { Bench } from "../bench.ts";
import { inTurns, OTHER_BUILD, type Targets } from "../in-turns.ts";

function peers(name: string, atATime: number, targets: Targets): Bench {
  return {
    name,
    question: `How fast do single events, posted ${atATime} at a time, reach 1,000 readers, beside servers in C and Go? (200 B)`,
    takesSeconds: 60,
    comparesBuilds: true,
    run: (run) =>
      inTurns(
        {
          load: { batch: 1, atATime, subscribers: { count: 1_000 } },
          seconds: run.seconds,
          beside: ["nchan", "NATS", "JetStream"],
          metrics: ["perSecond", "p50", "p99", "cpu"],
          targets,
        },
        run,
      ),
  };
}

export const peers8 = peers("peers-8", 8, {
  nchan: { perSecond: { atLeast: 1.3 } },
  [OTHER_BUILD]: { perSecond: { atLeast: 1.5 } },
});

export const peers64 = peers("peers-64", 64, {
  nchan: { perSecond: { atLeast: 1.4 }, cpu: { atMost: 0.9 } },
  [OTHER_BUILD]: { perSecond: { atLeast: 2.2 } },
});
