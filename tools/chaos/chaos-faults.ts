// Does to links and hub what the plan of chaos says, when it says so, and counts what was done.
import { setTimeout as sleep } from "node:timers/promises";
import type { Fault } from "./chaos-plan.ts";
import type { Link } from "./chaos-proxy.ts";
import type { Reader } from "./chaos-reader.ts";
import type { ChaosServer } from "./chaos-server.ts";

/** Longer than the client waits at most before it tries again. */
const MAX_WAIT_MS = 25_000;

export type FaultCounts = Record<Fault["kind"], number>;

export interface Victims {
  readonly server: ChaosServer;
  /** The readers' come first, in their order. */
  readonly links: readonly Link[];
  readonly readers: readonly Reader[];
  /** Lets much flow while the first reader is stalled, and resolves when all of it is acknowledged. */
  onStall(): Promise<void>;
}

/** Resolves when the last fault is over, or soon after `stop`; every link is in order then. */
export async function inflict(
  plan: readonly Fault[],
  victims: Victims,
  counts: FaultCounts,
  stop: AbortSignal,
): Promise<void> {
  let began = performance.now();
  const passing: Promise<void>[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, began + fault.atMs - performance.now()), undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) break;
    if (fault.kind === "stall") began += await untilLive(victims.readers[0]); // what is yet to come keeps its distance
    if ("lengthMs" in fault) passing.push(pass(fault, victims, stop));
    else if (fault.kind === "cut") cut(fault.links, victims);
    else if (fault.kind === "kill") await kill(victims);
    else if (!(await evict(victims))) continue;
    counts[fault.kind]++;
  }
  await Promise.all(passing);
  for (const link of victims.links) link.heal();
}

/** Whoever waits to come back has nothing that could stall. @returns how long that took, in milliseconds */
async function untilLive(reader: Reader | undefined): Promise<number> {
  const from = performance.now();
  while (!reader?.isConnected && performance.now() - from < MAX_WAIT_MS) await sleep(20);
  return performance.now() - from;
}

async function kill({ server, readers }: Victims): Promise<void> {
  for (const reader of readers) reader.hit("kill", true);
  await server.killAndRestart();
}

/** Only while every reader takes what it is sent: a hub that has something to send is not idle. */
async function evict({ server, links, readers }: Victims): Promise<boolean> {
  const { ws_catching_up } = (await (await fetch(`${server.url}/ws/stats`)).json()) as { ws_catching_up: number };
  if (ws_catching_up > 0 || links.some(({ isSlow }) => isSlow)) return false;
  for (const reader of readers) reader.hit("evict", false);
  return server.evict();
}

function cut(numbers: readonly number[], { links, readers }: Victims): void {
  for (const number of numbers) {
    readers[number]?.hit("cut", true);
    links[number]?.cut();
  }
}

/** What it takes to recover from these counts from when they are over. */
async function pass(
  fault: Extract<Fault, { readonly lengthMs: number }>,
  victims: Victims,
  stop: AbortSignal,
): Promise<void> {
  const numbers = fault.kind === "stall" ? [0] : fault.links;
  const links = victims.links.filter((_, number) => numbers.includes(number));
  for (const link of links) {
    if (fault.kind === "delay") link.delayMs = 50 + fault.lengthMs / 40;
    else if (fault.kind === "split") link.splits = true;
    else link.freeze();
  }
  for (const number of numbers) victims.readers[number]?.recoveries.note(fault.kind);
  const flowed = fault.kind === "stall" ? victims.onStall() : Promise.resolve();
  await sleep(fault.lengthMs, undefined, { signal: stop }).catch(() => {});
  for (const link of links) {
    if (fault.kind === "delay") link.delayMs = 0;
    else if (fault.kind === "split") link.splits = false;
    else link.thaw();
  }
  for (const number of numbers) victims.readers[number]?.hit(`end of ${fault.kind}`, false);
  await flowed;
}
