// One run of chaos: hub, subscribers, publishers and faults together, then a time without faults, then the check.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { ReactorEvent } from "../../src/client/index.ts";
import { check, type ReceivedEvent, type Verdict } from "./chaos-check.ts";
import { type FaultCounts, injectFaults } from "./chaos-faults.ts";
import { type Herds, runHerd } from "./chaos-herd.ts";
import { type ChaosOptions, LINKED_PUBLISHERS, planFaults } from "./chaos-plan.ts";
import { Link } from "./chaos-proxy.ts";
import { type Publication, publish, publishHeavy } from "./chaos-publisher.ts";
import { busyMs, type Recovery, worst } from "./chaos-recovery.ts";
import { ChaosServer } from "./chaos-server.ts";
import { receivedOf, type SharedEvents, Subscriber } from "./chaos-subscriber.ts";

export interface ChaosReport extends Omit<Publication, "acks" | "giveUp"> {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly verdict: Verdict;
  readonly faults: FaultCounts;
  readonly resets: number;
  readonly reconnects: number;
  readonly longestRecovery: Recovery;
  /** The longest without the client's wait. */
  readonly busiestRecovery: Recovery;
  /** How many subscribers were catching up just before the end of the stall. */
  readonly catchingUp: number;
  /** How many frames came in their compressed form, to the half of all subscribers that can inflate. */
  readonly deflated: number;
  /** What the readers of herds were sent. */
  readonly replayed: { readonly events: number; readonly visits: number; readonly whole: number };
  /** Subscribers that did not reach the head after the faults. */
  readonly behind: readonly string[];
}

export interface Progress {
  readonly acknowledged: number;
  readonly delivered: number;
  readonly faults: FaultCounts;
}

const PUBLISHERS = 4;
const EVENTS_PER_SECOND = 1_000; // more would overload two cores
const NO_FAULTS: FaultCounts = {
  kill: 0,
  evict: 0,
  abort: 0,
  "reset storm": 0,
  clock: 0,
  "full disk": 0,
  herd: 0,
  cut: 0,
  freeze: 0,
  delay: 0,
  split: 0,
  stall: 0,
};
const HEAL_MS = 60_000;
const POLL_MS = 100;

/** The first two receive everything: one of them stalls, the other must not be affected. */
const ALL: readonly string[] = [];
const SUBSCRIPTIONS = [["a*", "b*", "c*"], ["a*"], ["b/*", "c/one"], ["*one"], ["a/two", "b*"]];

/** @param onProgress called ten times per second @param stop abandons the run: Ctrl-C also ends the hub, so nothing can be checked */
export async function runChaos(
  options: ChaosOptions,
  onProgress: (ongoing: Progress) => void = () => {},
  stop: AbortSignal = new AbortController().signal,
): Promise<ChaosReport> {
  const server = await ChaosServer.start({ faulty: true });
  const linkCount = options.clients + LINKED_PUBLISHERS;
  const links = await Promise.all(Array.from({ length: linkCount }, () => Link.open(server.port)));
  const shared: SharedEvents = { first: new Map(), subscribers: 0, deflated: 0 };
  const subscribers = links.slice(0, options.clients).map((link, number) => {
    const patterns = number < 2 ? ALL : (SUBSCRIPTIONS[number % SUBSCRIPTIONS.length] ?? ALL);
    return new Subscriber(`subscriber ${number}`, link.url, patterns, shared);
  });
  try {
    const stopped = once(stop, "abort").then(() => Promise.reject(stop.reason));
    return await Promise.race([runFaults(options, server, links, subscribers, shared, onProgress), stopped]);
  } finally {
    for (const subscriber of subscribers) subscriber.close();
    await Promise.all(links.map((link) => link.close()));
    await server.stop();
  }
}

async function runFaults(
  options: ChaosOptions,
  server: ChaosServer,
  links: readonly Link[],
  subscribers: readonly Subscriber[],
  shared: SharedEvents,
  onProgress: (ongoing: Progress) => void,
): Promise<ChaosReport> {
  await until(() => subscribers.every(({ isConnected }) => isConnected), HEAL_MS);
  const giveUp = new AbortController();
  const publication: Publication = {
    giveUp: giveUp.signal,
    acks: [],
    requests: 0,
    retries: 0,
    duplicates: 0,
    unavailable: 0,
    failures: [],
  };
  const faults = { ...NO_FAULTS };
  const herds: Herds = { records: [], count: 0, whole: 0, resets: 0 };
  const delivered = () => subscribers.reduce((sum, { received }) => sum + received.length, 0);
  let catchingUp = 0;
  const onStall = async () => {
    await publishHeavy(server.url, publication);
    catchingUp = (await stats(server)).ws_catching_up;
  };

  const onHerd = (readers: number, end: AbortSignal) =>
    runHerd(readers, server.url, shared, herds, () => publication.acks.length, end);

  const over = new AbortController();
  const sources = Array.from({ length: PUBLISHERS }, (_, n) => {
    const url = links[options.clients + n]?.url ?? server.url; // those without a link connect directly
    const rate = EVENTS_PER_SECOND / PUBLISHERS;
    return publish(`publisher ${n}`, url, rate, options.seed * PUBLISHERS + n, publication, over.signal);
  });
  const running = Promise.all([
    ...sources,
    injectFaults(planFaults(options), { server, links, subscribers, onStall, onHerd }, faults, over.signal),
  ]);
  const isDone = () => {
    onProgress({ acknowledged: publication.acks.length, delivered: delivered(), faults });
    return publication.acks.length >= options.events;
  };
  await Promise.race([until(isDone, options.seconds * 1000), running]);
  over.abort();
  const patience = setTimeout(() => giveUp.abort(), HEAL_MS);
  await running;
  clearTimeout(patience);

  const { cursor: head } = await stats(server);
  await until(() => subscribers.every(({ cursor }) => cursor === head), HEAL_MS);
  const { acks, giveUp: _, ...counts } = publication;
  return {
    ...counts,
    acknowledged: acks.length,
    delivered: delivered(),
    verdict: check(acks, await readLog(server), [...subscribers, ...herds.records]),
    faults,
    resets: subscribers.reduce((sum, { resets }) => sum + resets, herds.resets),
    reconnects: subscribers.reduce((sum, { reconnects }) => sum + reconnects, 0),
    longestRecovery: worst(
      subscribers.map(({ recoveries }) => recoveries.longest),
      ({ ms }) => ms,
    ),
    busiestRecovery: worst(
      subscribers.map(({ recoveries }) => recoveries.busiest),
      busyMs,
    ),
    catchingUp,
    deflated: shared.deflated,
    replayed: {
      events: herds.records.reduce((sum, { received }) => sum + received.length, 0),
      visits: herds.records.length,
      whole: herds.whole,
    },
    behind: subscribers
      .filter(({ cursor }) => cursor !== head)
      .map(({ name, cursor }) => `${name} at ${cursor}, not ${head}`),
  };
}

async function until(holds: () => boolean, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!holds() && performance.now() < endMs) await sleep(POLL_MS);
}

async function stats({ url }: ChaosServer): Promise<{ cursor: string; ws_catching_up: number }> {
  return (await fetch(`${url}/ws/stats`)).json() as Promise<{ cursor: string; ws_catching_up: number }>;
}

async function readLog({ url }: ChaosServer): Promise<ReceivedEvent[]> {
  const log: ReceivedEvent[] = [];
  for (let after = "0.0"; ; ) {
    const response = await fetch(`${url}/api/events?limit=1000&after=${after}`);
    const page = (await response.json()) as { cursor: string; more: boolean; events: ReactorEvent[] };
    log.push(...page.events.map(receivedOf));
    if (!page.more) return log;
    after = page.cursor;
  }
}
