// One run of chaos: hub, readers, publishers and faults together, then fine weather, then the judgement.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReactorEvent } from "../../src/client/index.ts";
import { check, type Told, type Verdict } from "./chaos-check.ts";
import { type FaultCounts, inflict } from "./chaos-faults.ts";
import { type ChaosOptions, LINKED_PUBLISHERS, planFaults } from "./chaos-plan.ts";
import { Link } from "./chaos-proxy.ts";
import { type Publication, publish, publishHeavy } from "./chaos-publisher.ts";
import { type Chronicle, Reader, toldOf } from "./chaos-reader.ts";
import { busyMs, type Recovery, worst } from "./chaos-recovery.ts";
import { ChaosServer } from "./chaos-server.ts";

export interface ChaosReport extends Omit<Publication, "acks"> {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly verdict: Verdict;
  readonly faults: FaultCounts;
  readonly resets: number;
  readonly reconnects: number;
  readonly longestRecovery: Recovery;
  /** The longest without what the client waited. */
  readonly busiestRecovery: Recovery;
  /** Readers that the hub found too slow, when the stall was about to end. */
  readonly catchingUp: number;
  /** Readers that did not come to the head in fine weather. */
  readonly left: readonly string[];
}

export interface Ongoing {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly faults: FaultCounts;
}

const PUBLISHERS = 4;
const EVENTS_PER_SECOND = 1_000; // more would measure two cores, and not what becomes of events
const HEAL_MS = 60_000;
const LOOK_MS = 100;

/** The first two hear everything: one of them stalls, the other shows that it harms nobody. */
const ALL: readonly string[] = [];
const INTERESTS = [["a*", "b*", "c*"], ["a*"], ["b/*", "c/one"], ["*one"], ["a/two", "b*"]];

/** @param onLook told ten times a second how it goes @param stop abandons the run: Ctrl-C reaches the hub too, and nothing can be judged */
export async function runChaos(
  options: ChaosOptions,
  onLook: (ongoing: Ongoing) => void = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<ChaosReport> {
  const server = await ChaosServer.start();
  const linkCount = options.clients + LINKED_PUBLISHERS;
  const links = await Promise.all(Array.from({ length: linkCount }, () => Link.open(server.port)));
  const chronicle: Chronicle = { first: new Map() };
  const readers = links.slice(0, options.clients).map((link, number) => {
    const patterns = number < 2 ? ALL : (INTERESTS[number % INTERESTS.length] ?? ALL);
    return new Reader(number, link.url, patterns, chronicle);
  });
  try {
    const stopped = once(stop, "abort").then(() => Promise.reject(stop.reason));
    return await Promise.race([torment(options, server, links, readers, onLook), stopped]);
  } finally {
    for (const reader of readers) reader.close();
    await Promise.all(links.map((link) => link.close()));
    await server.stop();
  }
}

async function torment(
  options: ChaosOptions,
  server: ChaosServer,
  links: readonly Link[],
  readers: readonly Reader[],
  onLook: (ongoing: Ongoing) => void,
): Promise<ChaosReport> {
  await until(() => readers.every(({ isConnected }) => isConnected), HEAL_MS);
  const publication: Publication = { acks: [], requests: 0, retries: 0, duplicates: 0 };
  const faults: FaultCounts = { kill: 0, evict: 0, cut: 0, freeze: 0, delay: 0, split: 0, stall: 0 };
  const delivered = () => readers.reduce((sum, { told }) => sum + told.length, 0);
  let catchingUp = 0;
  const onStall = async () => {
    await publishHeavy(server.url, publication);
    catchingUp = (await stats(server)).ws_catching_up;
  };

  const over = new AbortController();
  const sources = Array.from({ length: PUBLISHERS }, (_, n) => {
    const url = links[options.clients + n]?.url ?? server.url; // those without a link are next to the hub
    const pace = EVENTS_PER_SECOND / PUBLISHERS;
    return publish(`publisher ${n}`, url, pace, options.seed * PUBLISHERS + n, publication, over.signal);
  });
  const going = Promise.all([
    ...sources,
    inflict(planFaults(options), { server, links, readers, onStall }, faults, over.signal),
  ]);
  const isOver = () => {
    onLook({ acknowledged: publication.acks.length, delivered: delivered(), faults });
    return publication.acks.length >= options.events;
  };
  await Promise.race([until(isOver, options.seconds * 1000), going]);
  over.abort();
  await going;

  const { cursor: head } = await stats(server);
  await until(() => readers.every(({ cursor }) => cursor === head), HEAL_MS);
  const { acks, ...counts } = publication;
  return {
    ...counts,
    acknowledged: acks.length,
    delivered: delivered(),
    verdict: check(acks, await readLog(server), readers),
    faults,
    resets: readers.reduce((sum, { resets }) => sum + resets, 0),
    reconnects: readers.reduce((sum, { reconnects }) => sum + reconnects, 0),
    longestRecovery: worst(
      readers.map(({ recoveries }) => recoveries.longest),
      ({ ms }) => ms,
    ),
    busiestRecovery: worst(
      readers.map(({ recoveries }) => recoveries.busiest),
      busyMs,
    ),
    catchingUp,
    left: readers
      .filter(({ cursor }) => cursor !== head)
      .map(({ name, cursor }) => `${name} at ${cursor}, not ${head}`),
  };
}

async function until(holds: () => boolean, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds() && performance.now() < endMs) await sleep(LOOK_MS);
}

async function stats({ url }: ChaosServer): Promise<{ cursor: string; ws_catching_up: number }> {
  return (await fetch(`${url}/ws/stats`)).json() as Promise<{ cursor: string; ws_catching_up: number }>;
}

async function readLog({ url }: ChaosServer): Promise<Told[]> {
  const log: Told[] = [];
  for (let after = "0.0"; ; ) {
    const response = await fetch(`${url}/api/events?limit=1000&after=${after}`);
    const page = (await response.json()) as { cursor: string; head: string; events: ReactorEvent[] };
    log.push(...page.events.map(toldOf));
    if (page.cursor === page.head) return log;
    after = page.cursor;
  }
}
