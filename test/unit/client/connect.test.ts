import { afterEach, expect, it, vi } from "vitest";
import { connect, createReactor } from "../../../src/client/connect.ts";
import type { ConnectOptions } from "../../../src/client/connect-options.ts";
import type { ConnectionState } from "../../../src/client/connection/connection-events.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { encodeError } from "../../../src/wire/server-frame.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

const at = (seq: number) => ({ epoch: "k3x9", seq });

function event(type: string, seq: number): ReactorEvent {
  return { type, data: {}, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `k3x9.${seq}`, seq };
}

function setup(options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const reactor = connect({ url: "https://hub.test", ...options }, ports);
  const live = () => {
    hub.latest.welcome(at(0));
    clock.pass(0);
  };
  const emit = (...events: ReactorEvent[]) => {
    const [first, last] = [events[0]?.seq ?? 1, events.at(-1)?.seq ?? 0];
    hub.latest.events(first - 1, at(last), events);
    clock.pass(0);
  };
  return { clock, hub, reactor, live, emit };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it.each<[ConnectOptions, string]>([
  [{}, "wss://hub.test/ws/stream"],
  [{ url: "http://localhost:8787" }, "ws://localhost:8787/ws/stream"],
  [{ url: "http://http.test/live" }, "ws://http.test/live/ws/stream"],
  [{ url: "wss://hub.test" }, "wss://hub.test/ws/stream"],
  [{ channel: "eu" }, "wss://hub.test/ws/stream?channel=eu"],
])("opens the stream of %o at %s, which is its url", (options, url) => {
  const { hub, reactor } = setup({ events: [], ...options });
  expect([hub.latest.url, reactor.url]).toEqual([url, url]);
});

it("requests its patterns, comma-separated", () => {
  const { hub } = setup({ channel: "eu", events: ["news_*", "a:b/c"] });
  const { searchParams } = new URL(hub.latest.url);
  expect(Object.fromEntries(searchParams)).toEqual({ channel: "eu", events: "news_*,a:b/c" });
});

it("[K16] asks for the newest events until it is welcomed, and resumes by cursor from then on", () => {
  const { hub, reactor, clock } = setup({ last: 50 });
  const received: unknown[] = [];
  reactor.on("*", ({ seq }) => received.push(seq));
  expect(hub.latest.url).toBe("wss://hub.test/ws/stream?last=50");
  hub.latest.drop(1006, "");
  clock.pass(1_000);
  expect(hub.latest.url).toBe("wss://hub.test/ws/stream?last=50");
  hub.latest.welcome(at(7)); // the position before the first of them
  hub.latest.events(7, at(9), [event("a", 8), event("a", 9)]);
  clock.pass(0);
  hub.latest.drop(1006, "");
  clock.pass(1_000);
  expect(hub.latest.url).toBe("wss://hub.test/ws/stream?cursor=k3x9.9");
  expect(received).toEqual([8, 9]);
  reactor.close();
  reactor.open();
  expect(hub.latest.url).toBe("wss://hub.test/ws/stream?cursor=k3x9.9");
});

it("[S1] offers reactor.v1, and nothing else", () => {
  expect(setup().hub.latest.protocols).toEqual(["reactor.v1"]);
});

it("calls the listeners of a type, and those of all types, in order", () => {
  const { reactor, live, emit } = setup();
  const received: string[] = [];
  reactor.on("news_processed", ({ seq }) => received.push(`news ${seq}`));
  reactor.on("*", ({ seq }) => received.push(`all ${seq}`));
  reactor.on("constructor", ({ seq }) => received.push(`constructor ${seq}`));
  live();
  emit(event("news_processed", 1), event("digest_created", 2), event("constructor", 3));
  expect(received).toEqual(["news 1", "all 1", "all 2", "constructor 3", "all 3"]);
});

it("calls no listener after an undo", () => {
  const { reactor, live, emit } = setup();
  const received: unknown[] = [];
  const undoes = [
    reactor.on("a", (each) => received.push(each)),
    reactor.on("*", (each) => received.push(each)),
    reactor.onState((state) => received.push(state)),
  ];
  for (const undo of undoes) undo();
  live();
  emit(event("a", 1));
  expect(received).toEqual([]);
});

it("has its state and its cursor", () => {
  const { reactor, hub, clock, live, emit } = setup();
  const states: ConnectionState[] = [];
  reactor.onState((state) => states.push(state));
  expect([reactor.state, reactor.cursor]).toEqual(["connecting", undefined]);
  live();
  expect([reactor.state, reactor.cursor]).toEqual(["connected", "k3x9.0"]);
  emit(event("a", 1), event("a", 2));
  expect(reactor.cursor).toBe("k3x9.2");
  hub.latest.drop(1006);
  clock.pass(0);
  expect([reactor.state, reactor.cursor]).toEqual(["reconnecting", "k3x9.2"]);
  reactor.close();
  expect(reactor.state).toBe("closed");
  expect(states).toEqual(["connected", "reconnecting", "closed"]);
});

it("[K7] keeps its cursor, its other listeners and its connection when a listener throws", () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => void reported.push(error)); // which Node lacks
  const { reactor, hub, clock, live, emit } = setup();
  const received: unknown[] = [];
  const fail = () => {
    throw new Error("A listener's own.");
  };
  reactor.onState(fail);
  reactor.on("a", fail);
  reactor.on("a", ({ seq }) => received.push(seq));
  reactor.on("*", ({ seq }) => received.push(seq));
  live();
  emit(event("a", 1), event("a", 2));
  emit(event("a", 3));
  expect(received).toEqual([1, 1, 2, 2, 3, 3]);
  expect(reported).toHaveLength(4);
  clock.pass(60_000);
  expect([reactor.state, reactor.cursor, hub.latest.sent]).toEqual(["connected", "k3x9.3", ["ping", "ping"]]);
});

it("connects, and resolves its URL, only once it is opened, if it is created without connecting", () => {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const reactor = createReactor({}, { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) });
  reactor.subscribe(["a"]);
  expect([reactor.state, reactor.patterns, hub.connections.length]).toEqual(["closed", ["a"], 0]);
  vi.stubGlobal("location", { href: "https://pages.test/news?q=1#top" }); // as a browser has it
  reactor.open();
  hub.latest.welcome(at(0));
  clock.pass(0);
  expect([reactor.url, hub.latest.url]).toEqual(["wss://pages.test/ws/stream", "wss://pages.test/ws/stream?events=a"]);
  expect(hub.latest.sent).toEqual([]);
});

it("continues when it is opened after a close", () => {
  const { reactor, hub, clock, live, emit } = setup();
  const received: unknown[] = [];
  reactor.on("a", ({ seq }) => received.push(seq));
  live();
  emit(event("a", 1));
  reactor.close();
  reactor.open();
  expect(new URL(hub.latest.url).searchParams.get("cursor")).toBe("k3x9.1");
  hub.latest.welcome(at(1), { recovered: true });
  clock.pass(0);
  emit(event("a", 2));
  expect([received, reactor.state, reactor.attempts]).toEqual([[1, 2], "connected", 0]);
});

it("reports resets and refusals, and sends messages", async () => {
  const { reactor, hub, clock, live } = setup();
  const received: unknown[] = [];
  reactor.onReset(({ reason }) => received.push(reason));
  reactor.onError(({ code }) => received.push(code));
  live();
  hub.latest.reset(at(9));
  hub.latest.deliver(encodeError({ code: "unknown_message", detail: "?" }));
  clock.pass(0);
  expect(received).toEqual(["trimmed", "unknown_message"]);
  expect(reactor.send("hello", 1)).toBe(true);
  expect(hub.latest.sent).toHaveLength(1);
  const answered = reactor.ping();
  clock.pass(0);
  expect(await answered).not.toBeNull();
});

it("reports how the socket closed, if that is why its state changed", () => {
  const { reactor, hub, clock, live } = setup();
  const turns: unknown[] = [];
  reactor.onState((state, lost) => turns.push([state, lost]));
  live();
  hub.latest.drop(4503, "Not for you.");
  clock.pass(0);
  expect(turns).toEqual([
    ["connected", undefined],
    ["closed", { code: 4503, reason: "Not for you." }],
  ]);
});

it("refuses at once what the hub would refuse each time", () => {
  expect(() => createReactor({ channel: "No way" })).toThrow(
    '`channel` must be 1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or digit; this is "No way".',
  );
});

it("[K18] tells once why the first connection may not have opened, and gives it as the reason until it is welcomed", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { hub, clock, reactor, live } = setup();
  const reasons: unknown[] = [];
  const errors: unknown[] = [];
  reactor.onState((state, close) => state === "reconnecting" && reasons.push(close));
  reactor.onError((error) => errors.push(error));
  hub.latest.drop(1006, "");
  clock.pass(0);
  clock.pass(1_000);
  hub.latest.drop(1006, "");
  clock.pass(0);
  const reason = expect.stringMatching(/ALLOWED_ORIGINS .* docs\/troubleshooting\.md/);
  expect(reasons).toEqual([
    { code: 1006, reason },
    { code: 1006, reason },
  ]);
  expect(errors).toEqual([{ code: "connection_failed", message: reason, ref: null }]);
  clock.pass(1_000);
  live();
  hub.latest.drop(1006, "");
  clock.pass(0);
  expect(reasons.at(-1)).toMatchObject({ code: 1006, reason: "" });
  expect(errors).toHaveLength(1);
  expect(warned).not.toHaveBeenCalled();
});

it("[K18] warns on the console if there is no listener of errors, and keeps a reason that is known", () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { hub, clock } = setup();
  hub.latest.drop(4503, "Origin https://evil.example is not allowed.");
  clock.pass(0);
  expect(warned).not.toHaveBeenCalled();
  const other = setup();
  other.hub.latest.drop(1006, "");
  other.clock.pass(0);
  other.clock.pass(1_000);
  other.hub.latest.drop(1006, "");
  other.clock.pass(0);
  expect(warned.mock.calls).toEqual([
    [expect.stringMatching(/^wss:\/\/hub\.test\/ws\/stream: The connection did not open/)],
  ]);
});
