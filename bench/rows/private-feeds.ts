import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBodyOf } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startBareFeeds, startReactor, startSocketIo } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const READERS = 8_000;
const BATCH = 500;
const EVENT_BYTES = 200;
/** How many events each reader receives in a round; one from the other build, which may take 20 s for them. */
const EACH = 4;
const typeOf = (reader: number | string) => `bench.${reader}`;

interface Side {
  readonly name: string;
  readonly server: Server;
  readonly group: RemoteGroup;
  readonly emitter: Emitter;
  readonly each: number;
}

interface Round {
  readonly perSecond: number;
  readonly cpuUs: number;
  readonly p50Ms: number;
}

interface Pair {
  readonly rounds: readonly Round[];
  readonly control: { readonly name: string; readonly rounds: readonly Round[] };
}

/** Where a subscriber of one type connects; `{}` is its number. */
const PATHS: Readonly<Record<string, string>> = {
  Reactor: `/ws/stream?events=${typeOf("{}")}`,
  "bare loop": `/?events=${typeOf("{}")}`,
  "Socket.IO": `/socket.io/?EIO=4&transport=websocket&events=${typeOf("{}")}`,
};

export const privateFeeds: Bench = {
  name: "private-feeds",
  question:
    "What does an event cost where each of 8,000 subscribers has a type of its own? (batches of 500, two at a time)",
  takesSeconds: 90,
  comparesBuilds: true,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const subject = await open(stage, run, startReactor(run.worker), EACH);
      if (run.other) {
        const other = await open(stage, run, startReactor(run.other), 1);
        return comparison(await inTurns(run, subject, { ...other, name: "the other build" }));
      }
      const bare = await open(stage, run, startBareFeeds(), EACH);
      const besideBare = await inTurns(run, subject, bare);
      await bare.group.close(); // a process may not have all sockets of three servers
      const rooms = await open(stage, run, startSocketIo(), EACH);
      return findings(besideBare, await inTurns(run, subject, rooms));
    }),
};

async function inTurns(run: Run, subject: Side, control: Side): Promise<Pair> {
  const rounds: [Round[], Round[]] = [[], []];
  for (let round = -1; round < run.rounds; round++) {
    for (const [index, side] of [subject, control].entries()) {
      run.progress(0.3 + (0.7 * (round + 1)) / (run.rounds + 1), side.name);
      const measured = await measure(side);
      if (round >= 0) rounds[index]?.push(measured); // the first one warms up
    }
  }
  return { rounds: rounds[0], control: { name: control.name, rounds: rounds[1] } };
}

async function open(stage: Stage, run: Run, starting: Promise<Server>, each: number): Promise<Side> {
  const server = await stage.start(starting);
  run.progress(0.1, `8,000 subscribers connect to ${server.name}`);
  const dialect = server.name === "Socket.IO" ? ({ dialect: "socket.io" } as const) : {};
  const group = await stage.open(server, {
    count: READERS,
    path: PATHS[server.name] ?? "/",
    receivesAll: false,
    ...dialect,
  });
  const types = Array.from({ length: READERS }, (_, reader) => typeOf(reader));
  const bodies = Array.from({ length: READERS / BATCH }, (_, n) =>
    emitBodyOf(types.slice(n * BATCH, (n + 1) * BATCH), EVENT_BYTES),
  );
  return { name: server.name, server, group, emitter: stage.publish(server, bodies, 2), each };
}

async function measure({ server, group, emitter, each }: Side): Promise<Round> {
  await group.reset();
  const before = cpuUs(server);
  const { events, firstUs } = await emitter.run({ requests: (each * READERS) / BATCH });
  const { lastUs, latencies } = await group.receive(each);
  return {
    perSecond: (events * 1e6) / (lastUs - firstUs),
    cpuUs: (cpuUs(server) - before) / events,
    p50Ms: new Latencies(latencies).percentileMs(0.5),
  };
}

function line(what: string, unit: string, key: keyof Round, { rounds, control }: Pair): Finding {
  return {
    what,
    unit,
    subject: rounds.map((round) => round[key]),
    control: { name: control.name, values: control.rounds.map((round) => round[key]) },
  };
}

function findings(bare: Pair, rooms: Pair): Finding[] {
  return [
    { ...line("CPU time of the server per event", "µs", "cpuUs", bare), target: { atMost: 1.5 } },
    line("events per second", "", "perSecond", bare),
    line("p50 from emit to receipt", "ms", "p50Ms", bare),
    line("CPU time of the server per event", "µs", "cpuUs", rooms),
    line("events per second", "", "perSecond", rooms),
  ];
}

function comparison(other: Pair): Finding[] {
  return [
    { ...line("events per second", "", "perSecond", other), target: { atLeast: 30 } },
    line("CPU time of the server per event", "µs", "cpuUs", other),
    line("p50 from emit to receipt", "ms", "p50Ms", other),
  ];
}
