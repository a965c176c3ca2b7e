import fc from "fast-check";
import { expect, it } from "vitest";
import { includes } from "../../../src/core/access/rights.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";
import { WireClient } from "../../support/wire-client.ts";

const TYPES = ["a", "b", "news_x", "news_y"] as const;
const SETS: readonly (readonly string[])[] = [[], ["a"], ["a", "b"], ["news_*"], ["*_y"], ["nothing"]];

const subscriber = fc.nat({ max: 2 });
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("emit"),
      type: fc.constantFrom(...TYPES),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("emitHeavy"),
      type: fc.constantFrom(...TYPES),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("read"), subscriber, count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drop"), subscriber }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("subscribe"), subscriber, set: fc.nat({ max: SETS.length - 1 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("evict") }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.nat({ max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("trim"), keep: fc.nat({ max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("beat") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("turnEpoch") }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Runs a history, then lets every client read everything. */
function run(steps: readonly Step[], sets: readonly number[], pauseMs: number) {
  const log = new MemoryLog();
  const hub = new HubInMemory(log, { costOf: () => pauseMs });
  const types: string[] = [];
  const subscribers = sets.map((set) => new WireClient(hub, SETS[set]?.length ? (SETS[set] ?? null) : null));
  const emit = (type: string, count: number, bytes: number) => {
    const data = "x".repeat(bytes);
    hub.emit(Array.from({ length: count }, () => draftOf({ type, data })));
    types.push(...Array<string>(count).fill(type));
  };
  let epochs = 0;
  for (const each of steps) {
    for (const one of subscribers) one.fillBuffer();
    const client = "subscriber" in each ? subscribers[each.subscriber] : undefined;
    if (each.do === "emit") emit(each.type, each.count, 10);
    else if (each.do === "emitHeavy") emit(each.type, each.count, 25_000);
    else if (each.do === "read") for (let n = 0; n < each.count; n++) client?.read();
    else if (each.do === "drop") client?.drop();
    else if (each.do === "subscribe") client?.subscribe(SETS[each.set] ?? []);
    else if (each.do === "evict") hub.evict();
    else if (each.do === "pass") hub.pass(each.ms);
    else if (each.do === "beat") hub.broker.beat();
    else if (each.do === "trim") log.trim({ maxEvents: each.keep, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
    else if (log.bornMs !== null) {
      // The epoch changes by a deployment, which drops every socket.
      log.turnEpoch(`e${++epochs}`);
      for (const one of subscribers) one.drop();
    }
  }
  for (let round = 0; round < 2; round++) {
    for (const one of subscribers) readAll(hub, one);
    hub.broker.beat(); // sends live subscribers that receive nothing their position
  }
  for (const one of subscribers) readAll(hub, one);
  return { subscribers, types, head: log.cursor };
}

function readAll(hub: HubInMemory, subscriber: WireClient): void {
  hub.pass(0); // it may wait for its next pages
  while (subscriber.inFlight > 0) {
    subscriber.read();
    subscriber.fillBuffer();
    hub.pass(0);
  }
}

/** The seqs that a client should receive: in each span the events of its subscription. */
function expectedSeqs({ spans }: WireClient, types: readonly string[], head: number): number[] {
  return spans.flatMap(({ after, until, asked }) =>
    types.flatMap((type, n) => {
      const seq = n + 1;
      return seq > after && seq <= (until ?? head) && includes(asked, type) ? [seq] : [];
    }),
  );
}

const history = fc.array(step, { maxLength: 60 });
/** Pause between flushes, in ms: none, and as with 1,000 sockets. */
const pause = fc.constantFrom(0, 40);
const sets = fc.tuple(...[0, 1, 2].map(() => fc.nat({ max: SETS.length - 1 })));

it("[C3] [C4] [F2] [F6] delivers log ∩ subscription, once and in order, or resets", () => {
  fc.assert(
    fc.property(history, sets, pause, (steps, each, pauseMs) => {
      const { subscribers, types, head } = run(steps, each, pauseMs);
      for (const one of subscribers) {
        expect(one.closedWith).toBeUndefined();
        expect(one.cursor).toEqual(head);
        expect(one.received).toEqual(expectedSeqs(one, types, head.seq));
      }
    }),
    { numRuns: 1_000 },
  );
});

it("[C3] resets no client if no event was deleted and the epoch did not change", () => {
  const harmless = history.map((steps) => steps.filter((each) => each.do !== "trim" && each.do !== "turnEpoch"));
  fc.assert(
    fc.property(harmless, sets, pause, (steps, each, pauseMs) => {
      const { subscribers } = run(steps, each, pauseMs);
      expect(subscribers.map(({ resets }) => resets)).toEqual([0, 0, 0]);
    }),
    { numRuns: 300 },
  );
});
