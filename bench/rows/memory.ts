// Resident memory of workerd, from /proc, of fresh servers; both sides at the same time, as nothing happens meanwhile.
import { readFileSync } from "node:fs";
import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import type { Group } from "../load/readers.ts";
import { residentBytes, type Server } from "../servers/server.ts";
import { startBareHub, startReactor } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const SOCKETS = 9_000;
/** workerd lets an idle Durable Object go after 10 s. */
const ASLEEP_AFTER_MS = 12_000;
/** Fresh servers do not learn, so the values hardly differ. */
const ROUNDS = 2;

interface Bytes {
  /** Nothing was sent but Reactor's welcome. What workerd allocates with a socket's first frame, the bare hub has not. */
  readonly fresh: number;
  /** Everybody has had an event, and the hub sleeps. */
  readonly used: number;
}

export const memory: Bench = {
  name: "memory",
  question: "What memory does an idle socket take, of 9,000?",
  takesSeconds: 62,
  async run(run) {
    const rounds: (readonly [Bytes, Bytes])[] = [];
    for (let round = 0; round < Math.min(run.rounds, ROUNDS); round++) {
      run.progress(round / ROUNDS, `round ${round + 1}`);
      rounds.push(await Stage.set((stage) => measure(stage, run.worker)));
    }
    const compare = (what: string, state: keyof Bytes, atMost?: number): Finding => ({
      what,
      unit: "kB a socket",
      subject: rounds.map(([reactor]) => reactor[state] / 1e3),
      control: { name: "bare hub", values: rounds.map(([, bare]) => bare[state] / 1e3) },
      ...(atMost && { target: { atMost } }),
    });
    return [
      compare("once each has had an event, asleep", "used", 1.1),
      compare("before the first event, awake", "fresh"),
    ];
  },
};

async function measure(stage: Stage, worker: string): Promise<readonly [Bytes, Bytes]> {
  const count = socketsOf();
  const servers = [
    await stage.start(startReactor(worker, { HEARTBEAT_SECONDS: "0" })),
    await stage.start(startBareHub()),
  ] as const;
  const empty: number[] = [];
  const groups: Group[] = [];
  for (const server of servers) {
    const first = await stage.open(server, { count: 1 }); // the hub is there, and its code
    empty.push(residentBytes(server));
    await first.close();
    groups.push(await stage.open(server, { count }));
  }
  const grown = (server: Server, index: number) => (residentBytes(server) - (empty[index] ?? 0)) / count;
  await pause(1_000);
  const fresh = servers.map(grown);
  for (const [index, server] of servers.entries()) {
    await stage.publish(server, emitBody(1, 200), 1).run({ requests: 1 });
    await groups[index]?.take(1);
  }
  await pause(ASLEEP_AFTER_MS);
  const used = servers.map(grown);
  const bytes = (index: number): Bytes => ({ fresh: fresh[index] ?? 0, used: used[index] ?? 0 });
  return [bytes(0), bytes(1)];
}

/** Both groups of readers are in this process. */
function socketsOf(): number {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  if (limit < 2 * SOCKETS + 500) throw new Error(`this needs ${2 * SOCKETS + 500} open files: ulimit -n is ${limit}`);
  return SOCKETS;
}
