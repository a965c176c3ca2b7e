// One soak: visitors come and go over and over, then everything they brought about must be gone again.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { seeded } from "../chaos/chaos-plan.ts";
import { API_KEY, ChaosServer } from "../chaos/chaos-server.ts";
import { type Memory, measure } from "./soak-memory.ts";
import type { Counters } from "./soak-verdict.ts";
import { visit, type WayToGo } from "./soak-visitor.ts";

export interface SoakOptions {
  readonly seconds: number;
  /** Visitors at a time. */
  readonly clients: number;
  readonly seed: number;
  /** Of so many visits, how many go which way. */
  readonly ways: Readonly<Partial<Record<WayToGo, number>>>;
  /** How long the hub may take to find out that everybody has gone. */
  readonly emptyWithinMs: number;
}

export interface SoakReport {
  readonly visits: Readonly<Record<WayToGo, number>>;
  /** After the warm-up, and at the end: with nobody connected both times. */
  readonly before: Memory;
  readonly after: Memory;
  /** Visits between the two. */
  readonly between: number;
  /** What the hub counts at the end, once it had its time. */
  readonly left: Counters;
  /** How long that took from the last visit on, in milliseconds. */
  readonly emptyMs: number;
}

/** All that comes first or once (code that is compiled, caches, a log as full as it gets) comes in this part. */
const WARM_UP = 1 / 3;

/** So long workerd has for what it holds of connections that were just broken off. */
const SETTLE_MS = 3_000;

/**
 * Silent visitors that stand at a time: the oldest is cut off for the next. What stands takes memory, and an allocator
 * keeps what it had at its fullest; so the part that is measured may have no more standing than the warm-up had.
 */
const MAX_STANDING = 100;

/** So that what is kept does not grow, and a reader that reads it from the beginning has some pages to go. */
const KEPT_EVENTS = 1_000;
const EVENT_BYTES = 1_000;

/** What comes meanwhile is little: the hub keeps the last 4 to 8 MiB of it at hand, and would grow by that. */
const SMALL_BYTES = 10;

export async function runSoak(
  { seconds, clients, seed, ways, emptyWithinMs }: SoakOptions,
  onVisit: (visits: number) => void = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<SoakReport> {
  const server = await ChaosServer.start({ vars: { RETENTION_EVENTS: String(KEPT_EVENTS) }, inspected: true });
  const random = seeded(seed);
  const visits: Record<WayToGo, number> = { close: 0, reset: 0, torn: 0, silent: 0 };
  const total = () => Object.values(visits).reduce((sum, n) => sum + n, 0);
  const standing: Socket[] = [];
  const soak = async (forMs: number) => {
    const endMs = performance.now() + forMs;
    const one = async () => {
      while (performance.now() < endMs && !stop.aborted) {
        const way = choose(ways, random());
        const stands = await visit(server.port, random, way);
        if (stands) standing.push(stands);
        if (standing.length > MAX_STANDING) standing.shift()?.resetAndDestroy();
        if (random() < 0.1) await emit(server, 1, SMALL_BYTES);
        visits[way]++;
        onVisit(total());
      }
    };
    await Promise.all(Array.from({ length: clients }, one));
    stop.throwIfAborted();
  };
  const hangUp = () => {
    for (const socket of standing.splice(0)) socket.resetAndDestroy();
  };
  try {
    for (let n = 0; n < KEPT_EVENTS + 100; n += 100) await emit(server, 100, EVENT_BYTES);
    await soak(seconds * 1000 * WARM_UP);
    hangUp();
    await untilEmpty(server, emptyWithinMs, stop);
    const before = await measure(server);
    const warm = total();
    await soak(seconds * 1000 * (1 - WARM_UP));
    const ended = performance.now();
    const left = await untilEmpty(server, emptyWithinMs, stop); // those who fell silent too: the hub has to find out
    const emptyMs = performance.now() - ended;
    hangUp();
    await sleep(SETTLE_MS, undefined, { signal: stop });
    return { visits, before, after: await measure(server), between: total() - warm, left, emptyMs };
  } finally {
    hangUp();
    await server.stop();
  }
}

function choose(ways: SoakOptions["ways"], chance: number): WayToGo {
  const entries = Object.entries(ways) as [WayToGo, number][];
  let left = chance * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [way, weight] of entries) {
    left -= weight;
    if (left < 0) return way;
  }
  return "close";
}

async function emit({ url }: ChaosServer, count: number, bytes: number): Promise<void> {
  const types = ["a", "b", "a/x", "c"];
  const events = Array.from({ length: count }, (_, n) => ({ type: types[(n + count) % 4], data: "x".repeat(bytes) }));
  const headers = { Authorization: `Bearer ${API_KEY}`, "Content-Type": "application/json" };
  const reply = await fetch(`${url}/api/events`, { method: "POST", headers, body: JSON.stringify(events) });
  if (!reply.ok) throw new Error(`the hub took no events: ${reply.status} ${await reply.text()}`);
  await reply.arrayBuffer();
}

/** @returns what the hub counts then, or when it has had time enough */
async function untilEmpty({ url }: ChaosServer, withinMs: number, stop: AbortSignal): Promise<Counters> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const { connected_clients, ws_catching_up } = (await (await fetch(`${url}/ws/stats`)).json()) as Counters;
    const counters = { connected_clients, ws_catching_up };
    if (connected_clients + ws_catching_up === 0 || performance.now() > endMs) return counters;
    await sleep(100, undefined, { signal: stop });
  }
}
