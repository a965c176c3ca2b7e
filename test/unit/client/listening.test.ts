import { afterEach, expect, expectTypeOf, it, vi } from "vitest";
import { connect } from "../../../src/client/connect.ts";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import type { AnyEvents } from "../../../src/client/event-map.ts";
import type { Json, ReactorEvent } from "../../../src/wire/event.ts";
import { at } from "../../support/connections.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function setup<Events extends object = AnyEvents>(options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const reactor = connect<Events>({ url: "https://hub.test", ...options }, ports);
  const live = () => {
    hub.latest.welcome(at(0));
    clock.pass(0);
  };
  let seq = 0;
  const emit = (...types: string[]) => {
    const events = types.map((type): ReactorEvent => {
      const stamped = type.startsWith("reactor_") ? {} : { seq: ++seq };
      return {
        type,
        data: {},
        source: "system",
        timestamp: "2026-11-21T12:00:00.000Z",
        id: `${type}${seq}`,
        ...stamped,
      };
    });
    const after = seq - events.filter((event) => event.seq !== undefined).length;
    hub.latest.events(after, at(seq), events);
    clock.pass(0);
  };
  /** The patterns of the handshake, and then those of each `subscribe` of the newest socket. */
  const asked = () => [
    new URL(hub.latest.url).searchParams.get("events"),
    ...hub.latest.sent.map((text) => JSON.parse(text).data.events),
  ];
  return { clock, hub, reactor, live, emit, asked };
}

const nothing = () => {};

it("[K23] [K25] asks for what is listened to by the end of the turn, in the handshake", () => {
  const { reactor, asked } = setup();
  reactor.on("news_*", nothing);
  reactor.on("digest_created", nothing);
  reactor.on("news_*", nothing);
  expect(asked()).toEqual(["news_*,digest_created"]);
});

it("[K23] asks for everything where everything is listened to, and for nothing but heartbeats where nothing is", () => {
  const all = setup();
  all.reactor.on("a", nothing);
  all.reactor.on("*", nothing);
  expect([all.asked(), all.reactor.patterns]).toEqual([[null], []]);
  const none = setup();
  expect([none.asked(), none.reactor.patterns]).toEqual([["reactor_heartbeat"], ["reactor_heartbeat"]]);
});

it("[K23] [K25] asks again, once a turn, when listeners come and go, and not where that changes nothing", () => {
  const { reactor, live, asked, hub, clock } = setup();
  const undo = reactor.on("a", nothing);
  live();
  const others = Array.from({ length: 5 }, (_, n) => reactor.on(`b${n}`, nothing));
  expect(asked()).toEqual(["a", ["a", "b0", "b1", "b2", "b3", "b4"]]);
  hub.latest.subscribed(["a", "b0", "b1", "b2", "b3", "b4"], at(0));
  clock.pass(0);
  for (const off of others) off();
  reactor.on("c", nothing)();
  undo();
  reactor.on("a", nothing);
  expect(asked().slice(2)).toEqual([["a"]]);
  hub.latest.subscribed(["a"], at(0));
  clock.pass(0);
  reactor.on("a", nothing);
  reactor.subscribe(["a"]);
  clock.pass(0);
  expect(asked()).toHaveLength(3);
});

it("[K25] sends 150 changes of one turn as one message, with the newest patterns", () => {
  const { reactor, live, asked } = setup({ events: ["a"] });
  live();
  for (let n = 0; n < 150; n++) reactor.subscribe([`n${n}`]);
  expect(asked()).toEqual(["a", ["n149"]]);
});

it("[K23] adds the patterns of listeners to those that are wanted, within which * listens", () => {
  const { reactor, live, asked, emit } = setup({ events: ["digest_*"] });
  const all: string[] = [];
  const news: string[] = [];
  reactor.on("*", ({ type }) => all.push(type));
  expect(asked()).toEqual(["digest_*"]);
  reactor.on("news_*", ({ type }) => news.push(type));
  live();
  expect(asked()).toEqual(["digest_*", ["digest_*", "news_*"]]);
  emit("digest_created", "news_a");
  expect([all, news]).toEqual([["digest_created"], ["news_a"]]);
  reactor.subscribe([]);
  emit("other");
  expect([all, reactor.patterns]).toEqual([["digest_created", "other"], []]);
});

it.each(["bad_pattern", "rate_limited"] as const)(
  "[K23] [S14] keeps what was wanted before if the hub refuses another subscription by %s",
  (code) => {
    const { reactor, live, asked, emit, hub, clock } = setup({ events: ["a"] });
    const received: string[] = [];
    reactor.on("*", ({ type }) => received.push(type));
    live();
    reactor.subscribe(["b"]);
    expect(asked()).toEqual(["a", ["b"]]);
    hub.latest.refuse(code);
    clock.pass(0);
    emit("a");
    expect([received, reactor.patterns]).toEqual([["a"], ["a"]]);
  },
);

it("[K23] asks for more than 64 patterns as for everything, and picks", () => {
  const { reactor, live, asked, emit } = setup();
  const received: string[] = [];
  const undoes = Array.from({ length: 65 }, (_, n) => reactor.on(`n${n}`, ({ type }) => received.push(type)));
  expect(asked()).toEqual([null]);
  live();
  emit("n64", "other");
  undoes[0]?.();
  expect([received, asked()[1].length]).toEqual([["n64"], 64]);
});

it("[K23] listens until it is undone, or until a signal is aborted, whichever comes first", () => {
  const { reactor, live, asked, emit } = setup();
  const received: string[] = [];
  const controller = new AbortController();
  const { signal } = controller;
  const removed = vi.spyOn(signal, "removeEventListener");
  reactor.on("a", ({ type }) => received.push(type), { signal });
  reactor.onState((state) => received.push(state), { signal });
  const undo = reactor.on("b", ({ type }) => received.push(type), { signal });
  live();
  emit("a", "b");
  undo();
  undo();
  expect(removed).toHaveBeenCalled();
  controller.abort();
  reactor.on("c", ({ type }) => received.push(type), { signal }); // too late
  emit("a", "b", "c");
  reactor.close();
  expect(received).toEqual(["connected", "a", "b"]);
  expect(asked().at(-1)).toEqual(["reactor_heartbeat"]);
});

it("[K23] calls a listener of `once` once, and asks no longer for its pattern", () => {
  const { reactor, live, asked, emit } = setup();
  const received: string[] = [];
  reactor.once("news_*", ({ type }) => received.push(type));
  const undo = reactor.once("news_*", () => expect.unreachable());
  live();
  undo();
  emit("news_a", "news_b");
  emit("news_c");
  expect([received, asked().at(-1)]).toEqual([["news_a"], ["reactor_heartbeat"]]);
});

it("[K24] calls listeners of patterns, those of the type first", () => {
  const { reactor, live, emit } = setup({ events: [] });
  const received: string[] = [];
  for (const pattern of ["*", "n*s_*", "news_a", "*_a"]) {
    reactor.on(pattern, ({ type }) => received.push(`${pattern}: ${type}`));
  }
  live();
  emit("news_a", "names_b", "other");
  expect(received).toEqual([
    "news_a: news_a",
    "*: news_a",
    "n*s_*: news_a",
    "*_a: news_a",
    "*: names_b",
    "n*s_*: names_b",
    "*: other",
  ]);
});

it("[K24] brings what the hub says of itself only where a pattern names it", () => {
  const everything = setup();
  const received: string[] = [];
  everything.reactor.on("*", ({ type }) => received.push(`* ${type}`));
  everything.reactor.on("reactor_*", ({ type }) => received.push(`named ${type}`));
  everything.live();
  everything.emit("a", "reactor_heartbeat");
  expect(received).toEqual(["* a", "named reactor_heartbeat"]);
  const named = setup({ events: ["a", "reactor_heartbeat"] });
  named.reactor.on("*", ({ type }) => received.push(type));
  named.live();
  named.emit("a", "reactor_heartbeat");
  expect(received.slice(2)).toEqual(["a", "reactor_heartbeat"]);
});

it("[K7] reports what a promise of a listener rejects with, of whatever kind the promise is", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // which Node lacks
  const { reactor, live, emit } = setup();
  reactor.on("a", () => Promise.reject(new Error("of a promise")));
  const then = (_: unknown, fail: (error: Error) => void) => fail(new Error("of a thenable"));
  reactor.on("a", () => ({ then }));
  live();
  emit("a");
  await Promise.resolve();
  expect(reported).toMatchObject([{ message: "of a thenable" }, { message: "of a promise" }]);
});

it("[K20] refuses a listener that is no function, and patterns that are none, at the call", () => {
  const { reactor } = setup();
  const call = reactor as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["on", "once"]) {
    expect(() => call[name]?.("a", undefined)).toThrow("`listener` must be a function; this is undefined.");
    expect(() => call[name]?.("a,b", nothing)).toThrow("`pattern` must be an event type");
    expect(() => call[name]?.(undefined, nothing)).toThrow(TypeError);
  }
  for (const name of ["onState", "onReset", "onError"]) expect(() => call[name]?.({})).toThrow(TypeError);
  for (const name of ["onState", "onReset", "onError"]) {
    expect(() => call[name]?.(nothing, { sinal: 1 })).toThrow('`options` must be of signal; this is "sinal".');
  }
  for (const name of ["on", "once"]) {
    expect(() => call[name]?.("a", nothing, { once: true })).toThrow('`options` must be of signal; this is "once".');
  }
  expect(() => call.subscribe?.("news_*")).toThrow("`patterns` must be a list");
  expect(() => call.subscribe?.(["*a*b*c*d*"])).toThrow("at most 4 *");
  expect(reactor.patterns).toEqual(["reactor_heartbeat"]);
});

it("[K23] forgets the types whose last listener is gone", () => {
  const { reactor } = setup({ events: [] });
  const keys = vi.spyOn(Map.prototype, "set");
  const removed = vi.spyOn(Map.prototype, "delete");
  for (let n = 0; n < 100; n++) reactor.on(`n${n}`, nothing)();
  const gone = new Set(removed.mock.calls.map(([key]) => key));
  expect(keys.mock.calls.filter(([key]) => !gone.has(key))).toEqual([]);
  vi.restoreAllMocks();
});

it("types events by a map of them", () => {
  interface Events {
    news_processed: { title: string };
    news_rejected: { why: string };
    digest_created: { items: number };
  }
  const { reactor } = setup<Events>();
  reactor.on("news_processed", (event) => expectTypeOf(event.data.title).toEqualTypeOf<string>());
  reactor.on("news_*", (event) => {
    expectTypeOf(event.type).toEqualTypeOf<"news_processed" | "news_rejected">();
    if (event.type === "news_rejected") expectTypeOf(event.data.why).toEqualTypeOf<string>();
  });
  reactor.on("*", ({ type }) => expectTypeOf(type).toEqualTypeOf<keyof Events>());
  reactor.on("other_*", ({ data }) => expectTypeOf(data).toEqualTypeOf<Json>());
  // @ts-expect-error The map has no such type.
  reactor.on("news_procesed", nothing);
  // @ts-expect-error Its data is another.
  reactor.emit("digest_created", { items: "two" }).catch(nothing);
  const plain = setup().reactor;
  plain.on("anything", ({ data }) => expectTypeOf(data).toEqualTypeOf<Json>());
});
