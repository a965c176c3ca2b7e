// The hub under attack, in a fresh workerd: what its memory is, and what a publisher beside the attack waits for an emit.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { residentBytes } from "../process-use.ts";
import { measure } from "../soak/soak-memory.ts";
import { type BareWorkerd, startWorkerd } from "../workerd/bare-workerd.ts";
import { Traffic } from "./attack-traffic.ts";

const PROBE_EVERY_MS = 50;

/** After its last connection broke. */
const DEATH_MS = 500;

/**
 * As much as an isolate has on the platform. Without a limit V8 lets garbage grow by hundreds of MB, and a peak says nothing of what
 * was needed; with it, a hub that needs more dies.
 */
const HEAP_LIMIT = ["--max-heap-size=128"];

/** Of the process, in bytes; waits in ms. */
export interface Reading {
  readonly before: number;
  readonly peak: number;
  /** What the hub's isolate held after garbage collection, before and while the attack still stood. */
  readonly heldBefore: number;
  readonly held: number;
  readonly sent: number;
  readonly waits: readonly number[];
  /** How much the hub refused: where its bound refuses, none means that the attack did not reach it. */
  readonly refused: number;
  /** Whether the hub's process ended: its heap has the limit of the platform. */
  readonly hasDied: boolean;
}

/** Both halves of an attack: what must be there first, and what is measured. */
export interface Strike {
  readonly vars?: Readonly<Record<string, string>>;
  prepare?(traffic: Traffic): Promise<void>;
  strike(traffic: Traffic): Promise<void>;
}

const API_KEY = "attack";

/** Strikes a server of its own. @param script the built Worker */
export async function strike({ vars = {}, ...acts }: Strike, script: string): Promise<Reading> {
  const bound = { REACTOR_API_KEY: API_KEY, ...vars };
  const options = { name: "Reactor", script, hubClass: "Hub", vars: bound, inspected: true, v8Flags: HEAP_LIMIT };
  const server = await startWorkerd(options);
  const traffic = new Traffic(server.port, API_KEY);
  let [before, heldBefore] = [0, 0];
  try {
    await traffic.warmUp();
    await acts.prepare?.(traffic);
    heldBefore = await heldBy(server);
    before = residentBytes(server);
    resetPeak(server);
    traffic.sent = 0;
    const probe = new Probe(traffic);
    const [waits] = await Promise.all([probe.ended, acts.strike(traffic).finally(() => probe.end())]);
    const [peak, refused] = [peakOf(server), traffic.refused];
    return { before, peak, heldBefore, held: await heldBy(server), sent: traffic.sent, waits, refused, hasDied: false };
  } catch (error) {
    await sleep(DEATH_MS);
    if (existsSync(`/proc/${server.pid}/maps`)) throw error;
    const gone = Number.POSITIVE_INFINITY;
    return {
      before,
      peak: gone,
      heldBefore,
      held: gone,
      sent: traffic.sent,
      waits: [gone],
      refused: traffic.refused,
      hasDied: true,
    };
  } finally {
    traffic.end();
    await server.stop();
  }
}

type InspectedServer = Awaited<ReturnType<typeof startWorkerd>>;

/** A publisher that emits one small event after the other, from before the attack to after it. */
class Probe {
  /** What each of them waited, in ms, once it is over. */
  readonly ended: Promise<readonly number[]>;
  #isOver = false;

  constructor(traffic: Traffic) {
    this.ended = this.#run(traffic);
  }

  end(): void {
    this.#isOver = true;
  }

  async #run(traffic: Traffic): Promise<readonly number[]> {
    const waits: number[] = [];
    do {
      const began = performance.now();
      await traffic.probe();
      waits.push(performance.now() - began);
      await sleep(PROBE_EVERY_MS);
    } while (!this.#isOver);
    return waits;
  }
}

/** What the isolate of the hub holds after garbage collection, in bytes. */
async function heldBy({ port, pid, inspectorPort }: InspectedServer): Promise<number> {
  const server = {
    url: `http://127.0.0.1:${port}`,
    processIds: [pid],
    inspector: async () => `127.0.0.1:${inspectorPort}`,
  };
  return (await measure(server, (id) => id === "main")).heapBytes;
}

/** In bytes; `VmHWM` is the most since `resetPeak`. Linux only. */
function peakOf({ pid }: BareWorkerd): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** As proc(5) has it. */
function resetPeak({ pid }: BareWorkerd): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
