// Injects the planned faults into links and hub, each at its time, and counts them.
import { setTimeout as sleep } from "node:timers/promises";
import { abort, fillDisk, kill, stepClock, storm } from "./chaos-hub-faults.ts";
import type { Fault } from "./chaos-plan.ts";
import type { Link } from "./chaos-proxy.ts";
import type { ChaosServer } from "./chaos-server.ts";
import type { Subscriber } from "./chaos-subscriber.ts";

/** Longer than the longest wait of the client before it reconnects. */
const MAX_WAIT_MS = 25_000;

export type FaultCounts = Record<Fault["kind"], number>;

export interface Targets {
  readonly server: ChaosServer;
  /** Those of the subscribers come first, in their order. */
  readonly links: readonly Link[];
  readonly subscribers: readonly Subscriber[];
  /** Emits much while the first subscriber is stalled; resolves when all of it is acknowledged. */
  onStall(): Promise<void>;
  /** Readers that replay the log until `over`. */
  onHerd(readers: number, over: AbortSignal): Promise<void>;
}

/** A fault of links that lasts. */
type LinkFault = Extract<Fault, { readonly kind: "freeze" | "delay" | "split" | "stall" }>;

/** Resolves when the last fault is over, or soon after `stop`; then every link works. */
export async function injectFaults(
  plan: readonly Fault[],
  targets: Targets,
  counts: FaultCounts,
  stop: AbortSignal,
): Promise<void> {
  let began = performance.now();
  const temporary: Promise<void>[] = [];
  for (const fault of plan) {
    await sleep(Math.max(0, began + fault.atMs - performance.now()), undefined, { signal: stop }).catch(() => {});
    if (stop.aborted) break;
    if (fault.kind === "stall") began += await untilConnected(targets.subscribers[0]); // later faults keep their distance
    if (fault.kind === "reset storm") temporary.push(storm(fault, targets, stop));
    else if (fault.kind === "full disk") temporary.push(fillDisk(fault, targets, stop));
    else if (fault.kind === "herd") temporary.push(herd(fault, targets, stop));
    else if ("lengthMs" in fault) temporary.push(lastFor(fault, targets, stop));
    else if (fault.kind === "cut") cut(fault.links, targets);
    else if (fault.kind === "kill") await kill(targets);
    else if (fault.kind === "abort") await abort(targets);
    else if (fault.kind === "clock") await stepClock(fault, targets);
    else if (!(await evict(targets))) continue;
    counts[fault.kind]++;
  }
  await Promise.all(temporary);
  for (const link of targets.links) link.heal();
}

/** A client that waits to reconnect has no connection that could stall. @returns how long it took, in milliseconds */
async function untilConnected(subscriber: Subscriber | undefined): Promise<number> {
  const from = performance.now();
  while (!subscriber?.isConnected && performance.now() - from < MAX_WAIT_MS) await sleep(20);
  return performance.now() - from;
}

/** Only while every subscriber reads what it is sent: a hub with something to send is not idle. */
async function evict({ server, links, subscribers }: Targets): Promise<boolean> {
  const response = await fetch(`${server.url}/ws/stats`);
  if (!response.ok) return false; // its disk is full
  const { ws_catching_up } = (await response.json()) as { ws_catching_up: number };
  if (ws_catching_up > 0 || links.some(({ isSlow }) => isSlow)) return false;
  for (const subscriber of subscribers) subscriber.hit("evict", false);
  return server.evict();
}

function cut(numbers: readonly number[], { links, subscribers }: Targets): void {
  for (const number of numbers) {
    subscribers[number]?.hit("cut", true);
    links[number]?.cut();
  }
}

async function herd(
  { readers, lengthMs }: Extract<Fault, { readonly kind: "herd" }>,
  targets: Targets,
  stop: AbortSignal,
): Promise<void> {
  await targets.onHerd(readers, AbortSignal.any([stop, AbortSignal.timeout(lengthMs)]));
}

/** Faults with a length: a recovery from one is measured from its end. */
async function lastFor(fault: LinkFault, targets: Targets, stop: AbortSignal): Promise<void> {
  const numbers = fault.kind === "stall" ? [0] : fault.links;
  const links = targets.links.filter((_, number) => numbers.includes(number));
  for (const link of links) {
    if (fault.kind === "delay") link.delayMs = 50 + fault.lengthMs / 40;
    else if (fault.kind === "split") link.splits = true;
    else link.freeze();
  }
  for (const number of numbers) targets.subscribers[number]?.recoveries.note(fault.kind);
  const emitted = fault.kind === "stall" ? targets.onStall() : Promise.resolve();
  await sleep(fault.lengthMs, undefined, { signal: stop }).catch(() => {});
  for (const link of links) {
    if (fault.kind === "delay") link.delayMs = 0;
    else if (fault.kind === "split") link.splits = false;
    else link.thaw();
  }
  for (const number of numbers) targets.subscribers[number]?.hit(`end of ${fault.kind}`, false);
  await emitted;
}
