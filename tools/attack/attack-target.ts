// The hub under attack, in a fresh workerd: what its memory is, and what a publisher beside the attack waits for an emit.
import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { API_KEY, ChaosServer } from "../chaos/chaos-server.ts";
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
  const server = await ChaosServer.start({ inspected: true, vars });
  const traffic = new Traffic(server.port, API_KEY);
  try {
    await traffic.warmUp();
    await acts.prepare?.(traffic);
    const { heapBytes: heldBefore } = await measure(server);
    const before = resident(server, "VmRSS");
    resetPeak(server);
    traffic.sent = 0;
    const probe = new Probe(traffic);
    await acts.strike(traffic);
    const waits = await probe.stop();
    const peak = resident(server, "VmHWM");
    const { heapBytes: held } = await measure(server);
    return { before, peak, heldBefore, held, sent: traffic.sent, waits };
  } finally {
    traffic.end();
    await server.stop();
  }
}

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

/** Linux only. */
function resident({ processIds }: ChaosServer, line: "VmRSS" | "VmHWM"): number {
  let kib = 0;
  for (const pid of processIds) {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    kib += Number(new RegExp(`^${line}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  }
  return 1024 * kib;
}

/** From now on VmHWM is the most since now: proc(5). */
function resetPeak({ processIds }: ChaosServer): void {
  for (const pid of processIds) writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
