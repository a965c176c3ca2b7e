import { expect, expectTypeOf, it } from "vitest";
import { events } from "../../../src/client/event-iterator.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { connectToDouble, stampedEvent } from "../../support/client-setup.ts";
import { promisesSettle } from "../../support/manual-ports.ts";

/** Runs a loop. @returns what it has seen, and how it ended */
function looped(loop: AsyncIterable<ReactorEvent>, each: (event: ReactorEvent) => unknown = () => {}) {
  const seen: unknown[] = [];
  const outcome: { end?: unknown } = {};
  const run = async () => {
    for await (const event of loop) {
      seen.push(event.seq);
      if ((await each(event)) === "leave") break;
    }
  };
  run().then(
    () => Object.assign(outcome, { end: "done" }),
    (error) => Object.assign(outcome, { end: [error.code, error.message] }),
  );
  return { seen, outcome };
}

it("[K29] brings the events that match, in order, also those that came while the loop was busy, and subscribes to them", async () => {
  const { reactor, live, emit, hub } = connectToDouble();
  const busy = Promise.withResolvers<void>();
  const { seen } = looped(events(reactor, "news_*"), () => busy.promise);
  expect(new URL(hub.latest.url).searchParams.get("events")).toBe("news_*");
  live();
  emit(stampedEvent("news_a", 1), stampedEvent("other", 2), stampedEvent("news_b", 3));
  emit(stampedEvent("news_a", 4));
  await promisesSettle();
  expect(seen).toEqual([1]);
  busy.resolve();
  await promisesSettle();
  expect(seen).toEqual([1, 3, 4]);
});

it("[K29] begins with the loop, and ends with it", async () => {
  const { reactor, live, emit } = connectToDouble();
  const loop = events(reactor, "a");
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
  const { seen, outcome } = looped(loop, () => "leave");
  expect(reactor.patterns).toEqual(["a"]);
  live();
  emit(stampedEvent("a", 1), stampedEvent("a", 2));
  await promisesSettle();
  expect([seen, outcome.end, reactor.patterns]).toEqual([[1], "done", ["reactor_heartbeat"]]);
});

it("[K29] ends by a signal, also while it waits, and brings nothing after it", async () => {
  const { reactor, live, emit } = connectToDouble();
  const left = new AbortController();
  const waits = looped(events(reactor, "a", { signal: left.signal }));
  const other = looped(events(reactor, "b", { signal: left.signal }), () => left.abort());
  live();
  emit(stampedEvent("b", 1), stampedEvent("b", 2));
  await promisesSettle();
  expect([waits.outcome.end, other.outcome.end, other.seen]).toEqual(["done", "done", [1]]);
  const late = looped(events(reactor, "a", { signal: left.signal }));
  await promisesSettle();
  expect([late.outcome.end, reactor.patterns]).toEqual(["done", ["reactor_heartbeat"]]);
});

it("[K29] ends when the page closes the connection, after what was delivered", async () => {
  const { reactor, live, emit } = connectToDouble();
  const { seen, outcome } = looped(events(reactor, "*"));
  live();
  emit(stampedEvent("a", 1), stampedEvent("a", 2));
  reactor.close();
  await promisesSettle();
  expect([seen, outcome.end]).toEqual([[1, 2], "done"]);
});

it("[K29] throws where the hub closes the connection for good, and goes on where it reconnects", async () => {
  const { reactor, live, emit, hub, clock } = connectToDouble();
  const { seen, outcome } = looped(events(reactor, "*"));
  live();
  emit(stampedEvent("a", 1));
  hub.latest.drop(1006);
  clock.pass(2_000);
  live(1);
  emit(stampedEvent("a", 2));
  await promisesSettle();
  expect([seen, outcome.end]).toEqual([[1, 2], undefined]);
  hub.latest.drop(4503, "Not allowed.");
  clock.pass(0);
  await promisesSettle();
  expect(outcome.end).toEqual(["closed", "The connection is closed (4503 Not allowed.)."]);
});

it("[K29] throws where more events wait than its limit, after those", async () => {
  const { reactor, live, emit } = connectToDouble();
  const { seen, outcome } = looped(events(reactor, "*", { limit: 2 }));
  live();
  emit(stampedEvent("a", 1), stampedEvent("a", 2), stampedEvent("a", 3));
  await promisesSettle();
  expect([seen, outcome.end]).toEqual([
    [1, 2],
    ["too_slow", "2 events wait for the loop already."],
  ]);
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
});

it("[K29] counts what the loop has taken over, too, against its limit", async () => {
  const { reactor, live, emit } = connectToDouble();
  const busy = Promise.withResolvers<void>();
  const { seen, outcome } = looped(events(reactor, "*", { limit: 2 }), () => busy.promise);
  live();
  emit(stampedEvent("a", 1), stampedEvent("a", 2));
  await promisesSettle();
  emit(stampedEvent("a", 3), stampedEvent("a", 4)); // 2, 3 and 4 would wait
  busy.resolve();
  await promisesSettle();
  expect([seen, outcome.end]).toEqual([
    [1, 2, 3],
    ["too_slow", "2 events wait for the loop already."],
  ]);
});

it("[K29] ends by `return` and `throw`, also while it waits", async () => {
  const { reactor, live } = connectToDouble();
  const [left, thrown, fresh] = [events(reactor, "a"), events(reactor, "b"), events(reactor, "c")];
  const next = [left.next(), thrown.next()];
  live();
  expect(reactor.patterns).toEqual(["a", "b"]);
  const ends = [left.return(), thrown.throw(new Error("The program's own.")).catch((error) => error.message)];
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
  const done = { done: true, value: undefined };
  expect(await Promise.all([...next, ...ends])).toEqual([done, done, done, "The program's own."]);
  expect([await fresh.return(), await fresh.next(), reactor.patterns]).toEqual([done, done, ["reactor_heartbeat"]]);
});

it("[K29] throws where the connection is closed when the loop begins", async () => {
  const { reactor, live, hub, clock } = connectToDouble();
  live();
  hub.latest.drop(4503);
  clock.pass(0);
  const { outcome } = looped(events(reactor, "a"));
  await promisesSettle();
  expect(outcome.end).toEqual(["closed", "The connection is closed: open it before the loop."]);
});

it.each<[string, unknown, unknown, unknown]>([
  ["`limit` must be a whole number of at least 1; this is 0.", undefined, "a", { limit: 0 }],
  ["`limit` must be a whole number of at least 1; this is NaN.", undefined, "a", { limit: Number.NaN }],
  ["`limit` must be a whole number of at least 1; this is 1.5.", undefined, "a", { limit: 1.5 }],
  ["`pattern` must be an event type", undefined, "a,b", {}],
  ['`options` must be of signal limit; this is "sinal".', undefined, "a", { sinal: 1 }],
  ["`reactor` must be a connection", "https://hub.test", "a", {}],
])("[K29] [K20] refuses at the call: %s", (message, target, pattern, options) => {
  const { reactor } = connectToDouble();
  const given = [target ?? reactor, pattern, options] as unknown as Parameters<typeof events>;
  expect(() => events(...given)).toThrow(message);
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
});

it("[K29] is typed by the map of events", () => {
  interface Events {
    a: { n: number };
    b: string;
  }
  const { reactor } = connectToDouble<Events>();
  expectTypeOf(events(reactor, "a")).toEqualTypeOf<AsyncGenerator<ReactorEvent<"a", { n: number }>, void, void>>();
  // @ts-expect-error no type of the map, and no pattern
  void events(reactor, "c");
});
