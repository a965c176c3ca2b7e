// Resident memory of fresh workerds, from /proc; both sides at the same time, since both are idle.
import { readFileSync } from "node:fs";
import { residentBytes } from "../../tools/process-use.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import type { Server } from "../servers/server.ts";
import { startBareHub, startReactor } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const SOCKETS = 9_000;
/** workerd evicts an idle Durable Object after 10 s. */
const ASLEEP_AFTER_MS = 12_000;
/** Fresh servers have nothing to warm up, so the values hardly differ. */
const ROUNDS = 2;

interface Bytes {
  /** Only Reactor's welcome was sent: the bare hub lacks what workerd allocates with a socket's first frame. */
  readonly fresh: number;
  /** Each socket has received an event, and the hub sleeps. */
  readonly used: number;
}

export const memory: Bench = {
  name: "memory",
  question: "How much memory does each of 9,000 idle sockets take?",
  takesSeconds: 62,
  async run(run) {
    const rounds: (readonly [Bytes, Bytes])[] = [];
    for (let round = 0; round < Math.min(run.rounds, ROUNDS); round++) {
      run.progress(round / ROUNDS, `round ${round + 1}`);
      rounds.push(await Stage.set((stage) => measure(stage, run)));
    }
    const compare = (what: string, state: keyof Bytes, atMost?: number): Finding => ({
      what,
      unit: "kB per socket",
      subject: rounds.map(([reactor]) => reactor[state] / 1e3),
      control: {
        name: run.offers ? "clients that offer nothing" : "bare hub",
        values: rounds.map(([, bare]) => bare[state] / 1e3),
      },
      ...(atMost && { target: { atMost } }),
    });
    return [
      compare("after one event each, asleep", "used", run.offers ? 1.05 : 1.1),
      compare("before the first event, awake", "fresh"),
    ];
  },
};

/** The control of clients that connect as browsers do is the same hub with others. */
async function measure(stage: Stage, { worker, offers }: Run): Promise<readonly [Bytes, Bytes]> {
  const startOurs = () => startReactor(worker, { HEARTBEAT_SECONDS: "0" });
  const count = socketsOf();
  const servers = [await stage.start(startOurs()), await stage.start(offers ? startOurs() : startBareHub())] as const;
  const empty: number[] = [];
  const groups: RemoteGroup[] = [];
  for (const [index, server] of servers.entries()) {
    const as = index === 0 ? {} : { offers: false };
    const first = await stage.open(server, { count: 1, ...as }); // creates the hub, and loads its code
    empty.push(residentBytes(server));
    await first.close();
    groups.push(await stage.open(server, { count, ...as }));
  }
  const grown = (server: Server, index: number) => (residentBytes(server) - (empty[index] ?? 0)) / count;
  await pause(1_000);
  const fresh = servers.map(grown);
  for (const [index, server] of servers.entries()) {
    await stage.publish(server, emitBody(1, 200), 1).run({ requests: 1 });
    await groups[index]?.receive(1);
  }
  await pause(ASLEEP_AFTER_MS);
  const used = servers.map(grown);
  const bytes = (index: number): Bytes => ({ fresh: fresh[index] ?? 0, used: used[index] ?? 0 });
  return [bytes(0), bytes(1)];
}

/** Both groups of subscribers run in this process. */
function socketsOf(): number {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]);
  if (limit < 2 * SOCKETS + 500) throw new Error(`this needs ${2 * SOCKETS + 500} open files: ulimit -n is ${limit}`);
  return SOCKETS;
}
