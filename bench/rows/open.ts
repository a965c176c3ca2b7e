// Open loops: events are due at fixed times, and latencies count from these, so that queueing is seen.
import type { Bench } from "../bench.ts";
import { type ControlName, inTurns, OTHER_BUILD, type Targets } from "../in-turns.ts";

const PEERS = ["nchan", "JetStream"] as const;
/** A paced load has few events: a round lasts longer than one of a closed loop. */
const PACED_FACTOR = 5;
/** What the bare hub delivers on two cores: about 28 events a second to 1,000 readers. */
const BARE_DELIVERIES_PER_SECOND = 25_000;
/** Connections of the publisher at first; it opens more when all of them wait. */
const CONNECTIONS = 16;

interface OpenLoop {
  readonly eventsPerSecond: number;
  readonly readers: number;
  readonly beside: readonly Exclude<ControlName, typeof OTHER_BUILD>[];
  readonly targets: Targets;
}

function openLoop(name: string, takesSeconds: number, { eventsPerSecond, readers, beside, targets }: OpenLoop): Bench {
  const readersText = readers.toLocaleString("en");
  return {
    name,
    question: `What is the latency to ${readersText} readers where ${eventsPerSecond} events are due per second? (200 B, open loop)`,
    takesSeconds,
    comparesBuilds: true,
    run: (run) => measure({ eventsPerSecond, readers, beside, targets }, run),
  };
}

const measure = ({ eventsPerSecond, readers, beside, targets }: OpenLoop, run: Parameters<Bench["run"]>[0]) => {
  const seconds = run.seconds * PACED_FACTOR;
  const isTooFastForBare = eventsPerSecond * readers > BARE_DELIVERIES_PER_SECOND;
  return inTurns(
    {
      load: {
        batch: 1,
        atATime: CONNECTIONS,
        postsPerSecond: eventsPerSecond,
        subscribers: { count: readers },
      },
      seconds,
      ...(isTooFastForBare && { bareSeconds: run.seconds }),
      beside,
      metrics: ["p50", "p99", "cpu"],
      targets,
    },
    run,
  );
};

export const open20 = openLoop("open-20", 170, {
  eventsPerSecond: 20,
  readers: 1_000,
  beside: ["bare hub", ...PEERS],
  targets: { "bare hub": { p50: { atMost: 1.25 } }, [OTHER_BUILD]: { p50: { atMost: 0.5 } } },
});

export const open100 = openLoop("open-100", 170, {
  eventsPerSecond: 100,
  readers: 1_000,
  beside: ["bare hub", ...PEERS],
  targets: { JetStream: { p50: { atMost: 0.7 }, p99: { atMost: 0.7 } } },
});

export const open300 = openLoop("open-300", 220, {
  eventsPerSecond: 300,
  readers: 1_000,
  beside: ["bare hub", ...PEERS],
  targets: { JetStream: { p50: { atMost: 1.2 }, p99: { atMost: 0.8 } } },
});

/** Beside the bare hub or another build: a process may not have all sockets of a third server. */
export const open20At9000: Bench = {
  ...openLoop("open-20-9000", 120, { eventsPerSecond: 20, readers: 9_000, beside: [], targets: {} }),
  run: (run) =>
    measure(
      {
        eventsPerSecond: 20,
        readers: 9_000,
        beside: run.other ? [] : ["bare hub"],
        targets: { [OTHER_BUILD]: { p50: { atMost: 0.7 } } },
      },
      run,
    ),
};

/** At a rate of the command line. */
export const openAtRate: Bench = {
  name: "open",
  question: "What is the latency to 1,000 readers where --rate N events are due per second? (200 B, open loop)",
  takesSeconds: 170,
  comparesBuilds: true,
  isOnRequest: true,
  run: (run) =>
    measure({ eventsPerSecond: run.rate ?? 20, readers: 1_000, beside: ["bare hub", ...PEERS], targets: {} }, run),
};
