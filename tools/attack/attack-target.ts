// The hub under attack, in a fresh workerd: what its memory is, and what a publisher beside the attack waits for an emit.
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { API_KEY } from "../../bench/load/emitter.ts";
import { residentBytes, type Server } from "../../bench/servers/server.ts";
import { startWorkerd } from "../../bench/servers/workerd.ts";
import { BUILT_WORKER } from "../dev/built-worker.ts";
import { measure } from "../soak/soak-memory.ts";
import { Traffic } from "./attack-traffic.ts";

const PROBE_EVERY_MS = 50;

/** Of the process, in bytes; waits in ms. */
export interface Reading {
  readonly before: number;
  readonly peak: number;
  /** What the hub's isolate held after garbage collection, before and while the attack still stood. */
  readonly heldBefore: number;
  readonly held: number;
  readonly sent: number;
  readonly waits: readonly number[];
}

/** Both halves of an attack: what must be there first, and what is measured. */
export interface Strike {
  readonly vars?: Readonly<Record<string, string>>;
  prepare?(traffic: Traffic): Promise<void>;
  strike(traffic: Traffic): Promise<void>;
}

/** Strikes a server of its own. */
export async function strike({ vars = {}, ...acts }: Strike): Promise<Reading> {
  const bound = { REACTOR_API_KEY: API_KEY, ...vars };
  const options = { name: "Reactor", script: BUILT_WORKER, hubClass: "Hub", vars: bound, inspected: true };
  const server = await startWorkerd(options);
  const traffic = new Traffic(server.port, API_KEY);
  try {
    await traffic.warmUp();
    await acts.prepare?.(traffic);
    const heldBefore = await heldBy(server);
    const before = residentBytes(server);
    resetPeak(server);
    traffic.sent = 0;
    const probe = new Probe(traffic);
    await acts.strike(traffic);
    const waits = await probe.stop();
    const peak = peakOf(server);
    const held = await heldBy(server);
    return { before, peak, heldBefore, held, sent: traffic.sent, waits };
  } finally {
    traffic.end();
    await server.stop();
  }
}

type InspectedServer = Awaited<ReturnType<typeof startWorkerd>>;

/** A publisher that emits one small event after the other, from before the attack to after it. */
class Probe {
  readonly #waits: number[] = [];
  readonly #ended: Promise<void>;
  #isOver = false;

  constructor(traffic: Traffic) {
    this.#ended = this.#run(traffic);
  }

  async stop(): Promise<readonly number[]> {
    this.#isOver = true;
    await this.#ended;
    return this.#waits;
  }

  async #run(traffic: Traffic): Promise<void> {
    do {
      const began = performance.now();
      await traffic.probe();
      this.#waits.push(performance.now() - began);
      await sleep(PROBE_EVERY_MS);
    } while (!this.#isOver);
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
function peakOf({ pid }: Server): number {
  return 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

/** As proc(5) has it. */
function resetPeak({ pid }: Server): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
