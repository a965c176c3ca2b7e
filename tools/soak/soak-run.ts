// One soak: clients connect and disconnect over and over, then everything that they caused must be gone again.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../chaos/chaos-plan.ts";
import { API_KEY, ChaosServer } from "../chaos/chaos-server.ts";
import { type Ending, runClient } from "./soak-client.ts";
import { type Memory, measure } from "./soak-memory.ts";
import type { Counters } from "./soak-verdict.ts";

export interface SoakOptions {
  readonly seconds: number;
  /** Clients at a time. */
  readonly clients: number;
  readonly seed: number;
  /** Weights of the ways to disconnect. */
  readonly endings: Readonly<Partial<Record<Ending, number>>>;
  /** How long the hub may take to close all sockets of clients that are gone. */
  readonly emptyWithinMs: number;
}

export interface SoakReport {
  readonly connections: Readonly<Record<Ending, number>>;
  /** After the warm-up, and at the end: without connections both times. */
  readonly before: Memory;
  readonly after: Memory;
  /** Connections between the two. */
  readonly between: number;
  /** What the hub counts at the end, at the latest after `emptyWithinMs`. */
  readonly left: Counters;
  /** How long that took after the last connection, in milliseconds. */
  readonly emptyMs: number;
}

/** Share of the run in which everything that happens once happens: compilation, caches, a full log. */
const WARM_UP = 1 / 3;

/** How long workerd has to free connections that were just reset. */
const SETTLE_MS = 3_000;

/**
 * The most silent clients at a time: the oldest is reset for the next. Each takes memory, and an allocator keeps its peak, so
 * the measured part must not have more of them than the warm-up had.
 */
const MAX_SILENT = 100;

/** Keeps the log from growing, and gives a subscriber that starts at its beginning some pages to read. */
const KEPT_EVENTS = 1_000;
const EVENT_BYTES = 1_000;

/** Small events meanwhile: the hub keeps the last 4 to 8 MiB in memory, and would grow by that. */
const SMALL_BYTES = 10;

export async function runSoak(
  { seconds, clients, seed, endings, emptyWithinMs }: SoakOptions,
  onConnection: (connections: number) => void = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<SoakReport> {
  const server = await ChaosServer.start({ vars: { RETENTION_EVENTS: String(KEPT_EVENTS) }, inspected: true });
  const random = seeded(seed);
  const connections: Record<Ending, number> = { close: 0, reset: 0, torn: 0, silent: 0 };
  const total = () => Object.values(connections).reduce((sum, n) => sum + n, 0);
  const silent: Socket[] = [];
  const soak = async (forMs: number) => {
    const endMs = performance.now() + forMs;
    const one = async () => {
      while (performance.now() < endMs && !stop.aborted) {
        const ending = choose(endings, random());
        const open = await runClient(server.port, random, ending);
        if (open) silent.push(open);
        if (silent.length > MAX_SILENT) silent.shift()?.resetAndDestroy();
        if (random() < 0.1) await emit(server, 1, SMALL_BYTES);
        connections[ending]++;
        onConnection(total());
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
    stop.throwIfAborted();
  };
  const resetSilent = () => {
    for (const socket of silent.splice(0)) socket.resetAndDestroy();
  };
  try {
    for (let n = 0; n < KEPT_EVENTS + 100; n += 100) await emit(server, 100, EVENT_BYTES);
    await soak(seconds * 1000 * WARM_UP);
    resetSilent();
    await untilEmpty(server, emptyWithinMs, stop);
    const before = await measure(server);
    const warm = total();
    await soak(seconds * 1000 * (1 - WARM_UP));
    const ended = performance.now();
    const left = await untilEmpty(server, emptyWithinMs, stop); // also the silent ones, which the hub has to detect
    const emptyMs = performance.now() - ended;
    resetSilent();
    await sleep(SETTLE_MS, undefined, { signal: stop });
    return { connections, before, after: await measure(server), between: total() - warm, left, emptyMs };
  } finally {
    resetSilent();
    await server.stop();
  }
}

function choose(endings: SoakOptions["endings"], chance: number): Ending {
  const entries = Object.entries(endings) as [Ending, number][];
  let left = chance * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [ending, weight] of entries) {
    left -= weight;
    if (left < 0) return ending;
  }
  return "close";
}

async function emit({ url }: ChaosServer, count: number, bytes: number): Promise<void> {
  const types = ["a", "b", "a/x", "c"];
  const events = Array.from({ length: count }, (_, n) => ({ type: types[(n + count) % 4], data: "x".repeat(bytes) }));
  const headers = { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" };
  const reply = await fetch(`${url}/api/events`, { method: "POST", headers, body: JSON.stringify(events) });
  if (!reply.ok) throw new Error(`the hub refused the events: ${reply.status} ${await reply.text()}`);
  await reply.arrayBuffer();
}

/** @returns the counters once they are 0, or after `withinMs` */
async function untilEmpty({ url }: ChaosServer, withinMs: number, stop: AbortSignal): Promise<Counters> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const { connected_clients, ws_catching_up } = (await (await fetch(`${url}/ws/stats`)).json()) as Counters;
    const counters = { connected_clients, ws_catching_up };
    if (connected_clients + ws_catching_up === 0 || performance.now() > endMs) return counters;
    await sleep(100, undefined, { signal: stop });
  }
}
