import { expect, it, vi } from "vitest";
import { createWindowReactor } from "../../../src/client/legacy/window-reactor.ts";
import type { ReactorEvent } from "../../../src/wire/event.ts";
import { encodeError } from "../../../src/wire/server-frame.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

const at = (seq: number) => ({ epoch: "k3x9", seq });

function event(seq: number, type = "news_processed"): ReactorEvent {
  return { type, data: { n: seq }, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `k3x9.${seq}`, seq };
}

/** `window.reactor` of a legacy page, and the CustomEvents of the given names, as [name, detail]. */
function page(...names: string[]) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const target = new EventTarget();
  const received: [string, unknown][] = [];
  for (const name of names) {
    target.addEventListener(name, (custom) => received.push([name, (custom as CustomEvent).detail]));
  }
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(1) };
  const reactor = createWindowReactor(target, "ws://hub.test/ws/stream", ports);
  const named = (name: string) => received.filter(([own]) => own === name).map(([, detail]) => detail);
  return { clock, hub, target, reactor, received, named };
}

function connected(...names: string[]) {
  const client = page(...names);
  client.reactor.connect();
  client.hub.latest.welcome(at(41));
  client.clock.pass(0);
  return client;
}

const when = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);

it("[W5] dispatches that it is connected like an event, with the hub's data", () => {
  const client = page("reactor_connected", "reactor:reactor_connected");
  client.reactor.handlers.reactor_connected = () => client.received.push(["handler", client.reactor.getStatus()]);
  client.reactor.on("reactor_connected", () => client.received.push(["callback", null]));
  client.reactor.connect();
  client.hub.latest.welcome(at(41), { client_id: "c1" });
  client.clock.pass(0);
  const timestamp = expect.any(Number); // seconds, as the legacy server sent it
  const data = expect.objectContaining({ message: "Connected to PulseAI Reactor", client_id: "c1", timestamp });
  expect(client.received).toEqual([
    ["reactor_connected", data],
    ["handler", { connected: true, readyState: 1, reconnectAttempts: 0, url: "ws://hub.test/ws/stream" }],
    ["callback", null],
    ["reactor:reactor_connected", expect.objectContaining({ event: "reactor_connected", data })],
  ]);
});

it("[W2] [W3] dispatches each event once: its data, and the whole envelope to the earlier generation", () => {
  const { hub, clock, received } = connected("news_processed", "reactor:news_processed");
  hub.latest.events(41, at(42), [event(42)]);
  hub.latest.events(41, at(43), [event(42), event(43)]);
  clock.pass(0);
  expect(received).toEqual([
    ["news_processed", { n: 42 }],
    ["reactor:news_processed", { ...event(42), event: "news_processed", originalEvent: event(42) }],
    ["news_processed", { n: 43 }],
    ["reactor:news_processed", { ...event(43), event: "news_processed", originalEvent: event(43) }],
  ]);
});

it("[W2] dispatches ephemeral events too", () => {
  const { hub, clock, named } = connected("reactor_heartbeat");
  const { seq: _, ...beat } = event(0, "reactor_heartbeat");
  hub.latest.events(41, at(41), [beat]);
  clock.pass(0);
  expect(named("reactor_heartbeat")).toEqual([{ n: 0 }]);
});

it("[W5] dispatches once that the connection is lost, and once that it is back, with nothing missed or doubled", () => {
  const { hub, clock, received, named } = connected("reactor_disconnected", "reactor_connected", "news_processed");
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  hub.latest.drop(1012, "A new version.");
  clock.pass(500);
  for (let n = 0; n < 3; n++) {
    hub.latest.drop(1006);
    clock.pass(20_000);
  }
  expect(new URL(hub.latest.url).searchParams.get("cursor")).toBe("k3x9.42");
  hub.latest.welcome(at(42), { recovered: true });
  hub.latest.events(42, at(44), [event(43), event(44)]);
  clock.pass(0);
  expect(named("reactor_disconnected")).toEqual([{ code: 1012, reason: "A new version.", timestamp: when }]);
  expect(named("news_processed")).toEqual([{ n: 42 }, { n: 43 }, { n: 44 }]);
  const order = received.map(([name]) => name).filter((name) => name !== "news_processed");
  expect(order).toEqual(["reactor_connected", "reactor_disconnected", "reactor_connected"]);
});

/** Fails `times` times: the first loses the connection, the others are attempts. */
function fail({ hub, clock }: ReturnType<typeof page>, times: number) {
  for (let n = 0; n < times; n++) {
    const before = hub.connections.length;
    hub.latest.drop(1006);
    clock.pass(0);
    for (let ms = 0; ms < 60_000 && hub.connections.length === before; ms += 100) clock.pass(100);
  }
}

it("[W9] reports the 10th failed attempt as a failure, once, and comes back however long it takes", () => {
  const client = connected("reactor_error", "reactor_failed", "reactor_disconnected");
  const { hub, clock, reactor, named } = client;
  fail(client, 10);
  expect([named("reactor_error").length, named("reactor_failed").length]).toEqual([9, 0]);
  hub.latest.drop(1006);
  clock.pass(0);
  expect(named("reactor_disconnected")).toHaveLength(1);
  expect(named("reactor_error")).toHaveLength(10);
  expect(named("reactor_error")[0]).toMatchObject({ code: "connection_failed" });
  expect(named("reactor_failed")).toEqual([{ attempts: 10, code: 1006, reason: "", timestamp: when }]);
  expect(reactor.getStatus()).toMatchObject({ connected: false, readyState: 3, reconnectAttempts: 10 });
  clock.pass(20_000);
  fail(client, 100);
  expect([named("reactor_failed").length, named("reactor_error").length]).toEqual([1, 110]);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(0);
  expect(reactor.getStatus()).toMatchObject({ connected: true, reconnectAttempts: 0 });
  fail(client, 11);
  hub.latest.drop(1006);
  clock.pass(0);
  expect(named("reactor_failed")).toHaveLength(2);
});

it("[W9] reports a failure at the page's own limit, or never, and again after connect()", () => {
  const impatient = connected("reactor_failed");
  impatient.reactor.config.maxReconnectAttempts = 0;
  impatient.hub.latest.drop(1006);
  impatient.clock.pass(0);
  expect(impatient.named("reactor_failed")).toHaveLength(1);
  impatient.reactor.connect();
  impatient.hub.latest.drop(1006);
  impatient.clock.pass(0);
  expect(impatient.named("reactor_failed")).toHaveLength(2);
  const patient = connected("reactor_failed");
  patient.reactor.config.maxReconnectAttempts = Number.POSITIVE_INFINITY;
  fail(patient, 100);
  expect(patient.named("reactor_failed")).toEqual([]);
});

it("[K3] [W9] reports a failure when the hub closes it for good", () => {
  const { hub, clock, reactor, received } = connected("reactor_disconnected", "reactor_failed");
  hub.latest.drop(4500, "No.");
  clock.pass(3_600_000);
  expect(received).toEqual([
    ["reactor_disconnected", { code: 4500, reason: "No.", timestamp: when }],
    ["reactor_failed", { attempts: 0, code: 4500, reason: "No.", timestamp: when }],
  ]);
  expect([reactor.state, hub.connections.length]).toEqual(["closed", 1]);
});

it("[W5] disconnects on disconnect(), dispatches it once, and continues at its cursor when it connects again", () => {
  const { hub, clock, reactor, named } = connected("reactor_disconnected", "reactor_failed");
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  reactor.disconnect();
  reactor.disconnect();
  clock.pass(3_600_000);
  expect(named("reactor_disconnected")).toEqual([{ code: 1000, reason: expect.any(String), timestamp: when }]);
  expect(named("reactor_failed")).toEqual([]);
  expect(hub.connections.map(({ isClosedByClient }) => isClosedByClient)).toEqual([true]);
  reactor.connect();
  expect(new URL(hub.latest.url).searchParams.get("cursor")).toBe(reactor.cursor);
});

it("[W5] supports connect() and disconnect() inside a handler", () => {
  const again = connected("reactor_disconnected", "reactor_failed");
  again.target.addEventListener("reactor_disconnected", () => again.reactor.connect());
  again.hub.latest.drop(4500);
  again.clock.pass(0);
  expect([again.reactor.state, again.hub.connections.length, again.named("reactor_failed")]).toEqual([
    "connecting",
    2,
    [],
  ]);
  const away = connected("reactor_disconnected", "reactor_failed");
  away.target.addEventListener("reactor_disconnected", () => away.reactor.disconnect());
  away.hub.latest.drop(1006);
  away.clock.pass(3_600_000);
  expect([away.reactor.state, away.hub.connections.length, away.received.length]).toEqual(["closed", 1, 1]);
});

it("[W6] subscribes as in the legacy dialect: the first time narrows, later ones add, the heartbeat is kept", () => {
  const { hub, clock, reactor, named } = connected("reactor_subscribed");
  reactor.subscribe("a");
  reactor.subscribe(["b", "c"]);
  reactor.send("subscribe", "d,e");
  reactor.subscribe([]);
  const sets = hub.latest.sent.map((text) => JSON.parse(text).data.events);
  expect(sets).toEqual([["a", "reactor_heartbeat", "b", "c", "d", "e"]]); // one message a turn
  hub.latest.subscribed(["a"], at(41));
  clock.pass(0);
  expect(named("reactor_subscribed")).toMatchObject([{ events: ["a"] }]);
});

it("[W6] keeps its patterns after the hub has refused a name", () => {
  const { hub, clock, reactor, named } = connected("reactor_error");
  reactor.subscribe("a");
  hub.latest.subscribed(["a", "reactor_heartbeat"], at(41));
  reactor.subscribe("no such name!");
  hub.latest.deliver(encodeError({ code: "bad_pattern", detail: "?" }));
  clock.pass(0);
  reactor.subscribe("b");
  expect(JSON.parse(String(hub.latest.sent.at(-1))).data.events).toEqual(["a", "reactor_heartbeat", "b"]);
  expect(named("reactor_error")).toEqual([{ code: "bad_pattern", message: "?", ref: null }]);
});

it("[W7] sends messages of the page, surfaces what the hub refuses, and reports what was not sent", () => {
  const { hub, clock, reactor, named } = connected("reactor_error");
  expect(reactor.send("hello", { to: "hub" })).toBe(true);
  expect(JSON.parse(String(hub.latest.sent.at(-1)))).toEqual({ type: "hello", data: { to: "hub" }, timestamp: when });
  hub.latest.deliver(encodeError({ code: "unknown_message", detail: "Unknown message type." }));
  clock.pass(0);
  reactor.disconnect();
  expect(reactor.send("hello", {})).toBe(false);
  expect(named("reactor_error")).toMatchObject([{ code: "unknown_message" }, { code: "not_sent" }]);
});

it("[W5] dispatches a reset", () => {
  const { hub, clock, named } = connected("reactor_reset");
  hub.latest.reset(at(50), "trimmed");
  clock.pass(0);
  expect(named("reactor_reset")).toMatchObject([{ reason: "trimmed", cursor: "k3x9.50" }]);
});

it("[W10] emits only inside the page, has no rooms, and measures a ping", async () => {
  const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { hub, clock, reactor, received } = connected("mine", "reactor:mine");
  reactor.emit("mine", { n: 1 });
  expect([reactor.joinRoom("news"), reactor.leaveRoom("news")]).toEqual([false, false]);
  expect([received, hub.latest.sent]).toEqual([[["mine", { n: 1 }]], []]);
  expect(warned).toHaveBeenCalledTimes(2);
  warned.mockRestore();
  const answered = reactor.ping();
  clock.pass(0);
  expect(hub.latest.sent).toEqual(["ping"]);
  expect(await answered).toBeGreaterThanOrEqual(0);
});

it("[W10] works when its functions are called without it", () => {
  const { hub, clock, received, reactor } = connected();
  const { on, off, getStatus } = reactor;
  const callback = () => received.push(["callback", getStatus().connected]);
  on("news_processed", callback);
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  off("news_processed", callback);
  hub.latest.events(42, at(43), [event(43)]);
  clock.pass(0);
  expect(received).toEqual([["callback", true]]);
});

it("[W9] [W11] has the legacy settings, and applies them within the hub's limits", () => {
  const { hub, clock, reactor } = connected();
  expect(reactor.config).toEqual({ heartbeatInterval: 25_000, reconnectDelay: 1_000, maxReconnectAttempts: 10 });
  Object.assign(reactor.config, { heartbeatInterval: 5_000, reconnectDelay: 4_000 });
  hub.latest.drop(1006);
  clock.pass(500); // the hub's first window
  hub.latest.drop(1006);
  clock.pass(8_000 - 1);
  expect(hub.connections).toHaveLength(2);
  clock.pass(1);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(5_500); // with a random value of 1, a tenth later
  expect(hub.latest.sent).toEqual(["ping"]);
});

it.each([
  ["nonsense", Number.NaN, 27_500],
  ["longer than the hub allows", 3_600_000, 27_500],
  ["1 ms", 1, 1_100],
])("[W11] pings at a sensible interval if heartbeatInterval is %s", (_what, heartbeatInterval, pingMs) => {
  const { hub, clock, reactor } = page();
  Object.assign(reactor.config, { heartbeatInterval, reconnectDelay: heartbeatInterval });
  reactor.connect();
  hub.latest.welcome(at(41));
  clock.pass(pingMs - 1);
  expect(hub.latest.sent).toEqual([]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping"]);
});
