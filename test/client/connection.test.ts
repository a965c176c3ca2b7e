import { expect, it } from "vitest";
import { Connection, type Start } from "../../src/client/connection.ts";
import type { ConnectionEvents, ConnectionState, ControlFrame } from "../../src/client/connection-events.ts";
import type { Close } from "../../src/client/ports.ts";
import { ORIGIN } from "../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../src/wire/event.ts";
import { encodeError } from "../../src/wire/server-frame.ts";
import { HubDouble } from "../doubles/hub-double.ts";
import { ManualClock, scripted, seeded } from "../doubles/manual-ports.ts";

const HOUR_MS = 3_600_000;

const at = (seq: number, epoch = "k3x9") => ({ epoch, seq });

function event(seq: number): ReactorEvent {
  return { type: "a", data: {}, source: "system", timestamp: "2026-11-21T12:00:00.000Z", id: `k3x9.${seq}`, seq };
}

/** A client that has just opened its first socket, to a hub that says nothing yet. By default every chance is 0.5. */
function connecting({
  random = scripted(0.5),
  onEvent,
  onState,
  onFrame,
  ...start
}: { random?: () => number } & Partial<ConnectionEvents> & Start = {}) {
  const clock = new ManualClock();
  const hub = new HubDouble(clock.after);
  const heard: (number | undefined)[] = [];
  const states: ConnectionState[] = [];
  const losses: (Close | undefined)[] = [];
  const frames: ControlFrame[] = [];
  const connection = new Connection(
    () => "ws://hub.test/ws/stream",
    { open: hub.open, after: clock.after, random },
    {
      onEvent(each) {
        heard.push(each.seq);
        onEvent?.(each);
      },
      onState(state, lost) {
        states.push(state);
        losses.push(lost);
        onState?.(state, lost);
      },
      onFrame(frame) {
        frames.push(frame);
        onFrame?.(frame);
      },
    },
    start,
  );
  connection.open();
  return { clock, hub, connection, heard, states, losses, frames };
}

/** A client that has just been welcomed at k3x9.41. */
function live(...given: Parameters<typeof connecting>) {
  const client = connecting(...given);
  client.hub.latest.welcome(at(41));
  client.clock.pass(0);
  return client;
}

it("is live once it is welcomed, at the place that the welcome names", () => {
  const { hub, clock, connection, states } = connecting();
  expect([connection.state, connection.cursor]).toEqual(["connecting", ORIGIN]);
  hub.latest.welcome(at(41));
  clock.pass(0);
  expect([connection.state, connection.cursor]).toEqual(["live", at(41)]);
  expect(states).toEqual(["connecting", "live"]);
});

it("tells each turn of its state once", () => {
  const { hub, clock, connection, states } = live();
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(41));
  clock.pass(0);
  connection.close();
  connection.close();
  expect(states).toEqual(["connecting", "live", "waiting", "connecting", "live", "closed"]);
});

it("[R1] drops a frame that begins beyond its place, keeps the place, and comes back", () => {
  const { hub, clock, connection, heard } = live();
  const first = hub.latest;
  first.events(42, at(43), [event(43)]);
  first.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor]).toEqual([[], at(41)]);
  expect([first.left, connection.state]).toEqual([true, "waiting"]);
  clock.pass(250);
  expect(hub.connections).toHaveLength(2);
});

it("[R1] drops a frame of another epoch", () => {
  const { hub, clock, connection, heard } = live();
  hub.latest.events(41, at(42, "zzzz"), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor, connection.state]).toEqual([[], at(41), "waiting"]);
});

it("[R1] takes the epoch with which a channel is born", () => {
  const { hub, clock, connection, heard } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.events(0, at(1), [event(1)]);
  clock.pass(0);
  expect([heard, connection.cursor, connection.state]).toEqual([[1], at(1), "live"]);
});

it("[R2] hands on each event once and in order, though frames come twice or reach back", () => {
  const { hub, clock, heard } = live();
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(41, at(43), [event(42), event(43)]);
  hub.latest.events(40, at(44), [event(41), event(43), event(44)]);
  clock.pass(0);
  expect(heard).toEqual([42, 43, 44]);
});

it("[R3] moves on with a frame that brings no event, and never back", () => {
  const { hub, clock, connection } = live();
  hub.latest.events(41, at(60), []);
  clock.pass(0);
  expect(connection.cursor).toEqual(at(60));
  hub.latest.events(41, at(50), [event(50)]);
  clock.pass(0);
  expect([connection.cursor, connection.state]).toEqual([at(60), "live"]);
});

it("[F6] lets pass what it does not know", () => {
  const { hub, clock, connection, heard, states } = live();
  const unknown = ["", "pong", "{", "null", '{"type":"reactor_events"}'];
  for (const text of unknown) hub.latest.say(text);
  hub.latest.say('{"type":"reactor_error","data":{"code":"unknown_message","message":"","ref":null}}');
  hub.latest.say(new ArrayBuffer(8));
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  expect([heard, connection.cursor, states]).toEqual([[42], at(42), ["connecting", "live"]]);
});

it.each([
  [0, 22_500],
  [0.25, 23_750],
  [0.5, 25_000],
  [1, 27_500],
])("[K1] pings after heartbeat_ms ± 10 %%: with a chance of %d after %i ms", (chance, pingMs) => {
  const { hub, clock } = live({ random: scripted(chance) });
  clock.pass(pingMs - 1);
  expect(hub.latest.sent).toEqual([]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping"]);
  clock.pass(pingMs - 1);
  expect(hub.latest.sent).toEqual(["ping"]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping", "ping"]);
});

it("[K1] takes another chance for each ping", () => {
  const { hub, clock } = live({ random: scripted(0, 1, 0.5) });
  clock.pass(22_500 + 27_500 - 1);
  expect(hub.latest.sent).toHaveLength(1);
  clock.pass(1);
  expect(hub.latest.sent).toHaveLength(2);
});

it("[K1] pings as often as the hub asked for", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { heartbeat_ms: 60_000 });
  clock.pass(59_999);
  expect(hub.latest.sent).toEqual([]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping"]);
});

it("[K1] pings though events keep coming", () => {
  const { hub, clock } = live();
  for (let seq = 42; seq < 142; seq++) {
    hub.latest.events(seq - 1, at(seq), [event(seq)]);
    clock.pass(1_000);
  }
  expect(hub.latest.sent).toEqual(["ping", "ping", "ping", "ping"]);
});

it("[K2] stays with a hub that answers its pings", () => {
  const { hub, clock, states } = live({ random: seeded(43) });
  clock.pass(24 * HOUR_MS);
  expect(states).toEqual(["connecting", "live"]);
  expect(hub.connections).toHaveLength(1);
});

it("[K2] gives up a hub that does not welcome within 10 s, and comes back", () => {
  const { hub, clock, connection } = connecting();
  const first = hub.latest;
  clock.pass(9_999);
  expect([connection.state, first.left]).toEqual(["connecting", false]);
  clock.pass(1);
  expect([connection.state, first.left]).toEqual(["waiting", true]);
  clock.pass(500);
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
});

it("[K2] gives up a hub that says something within 10 s, but does not welcome", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.say('{"type":"reactor_notice","data":{}}');
  clock.pass(10_000);
  expect([connection.state, hub.latest.left]).toEqual(["waiting", true]);
});

it("[K2] gives up a hub that does not answer a ping within 10 s, and comes back", () => {
  const { hub, clock, connection } = live();
  const first = hub.latest;
  hub.frozen = true;
  clock.pass(25_000 + 9_999);
  expect([connection.state, first.left]).toEqual(["live", false]);
  clock.pass(1);
  expect([connection.state, first.left]).toEqual(["waiting", true]);
  hub.frozen = false;
  clock.pass(250);
  hub.latest.welcome(at(44));
  clock.pass(0);
  expect([connection.state, connection.cursor, hub.connections.length]).toEqual(["live", at(44), 2]);
});

it("[K2] gives it up 10 s after its first unanswered ping, also where pings are due more often", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.welcome(at(41), { heartbeat_ms: 5_000 });
  clock.pass(0);
  hub.frozen = true;
  clock.pass(5_000 + 10_000);
  expect(connection.state).toBe("waiting");
});

it("hears nothing more of a socket that it gave up", () => {
  const { hub, clock, connection, heard } = live();
  const first = hub.latest;
  first.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(50));
  clock.pass(0);
  first.welcome(at(99));
  first.events(50, at(51), [event(51)]);
  first.drop(4500);
  clock.pass(0);
  expect([heard, connection.cursor, connection.state]).toEqual([[], at(50), "live"]);
  clock.pass(HOUR_MS);
  expect([first.sent, hub.connections.length]).toEqual([[], 2]);
});

it.each([4500, 4777, 4999])("[K3] stays away after a close with %i", (code) => {
  const { hub, clock, connection } = live();
  hub.latest.drop(code);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length, clock.pending]).toEqual(["closed", 1, 0]);
});

it.each([1000, 1001, 1006, 1009, 1011, 1012, 4000, 4499, 5000])("[K3] comes back after a close with %i", (code) => {
  const { hub, clock, connection } = live();
  hub.latest.drop(code);
  clock.pass(0);
  expect(connection.state).toBe("waiting");
  clock.pass(250);
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
});

it("[K3] stays away from a hub that turns it away before any welcome", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.drop(4500);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length]).toEqual(["closed", 1]);
});

it("[K4] comes back within first_ms, then within windows that double beyond it up to max_ms, for as long as it takes", () => {
  const { hub, clock, connection } = connecting({ random: scripted(0.25) });
  hub.latest.welcome(at(41), { retry: { first_ms: 3_000, base_ms: 500, max_ms: 20_000 } });
  clock.pass(0);
  for (const windowMs of [3_000, 3_000, 3_000, 4_000, 8_000, 16_000, ...Array<number>(20).fill(20_000)]) {
    const before = hub.connections.length;
    hub.latest.drop(1006);
    clock.pass(windowMs / 4 - 1);
    expect([connection.state, hub.connections.length]).toEqual(["waiting", before]);
    clock.pass(1);
    expect([connection.state, hub.connections.length]).toEqual(["connecting", before + 1]);
  }
});

it("[K4] comes back within a second from a hub that it never met", () => {
  const { hub, clock } = connecting();
  hub.latest.drop(1006);
  clock.pass(499);
  expect(hub.connections).toHaveLength(1);
  clock.pass(1);
  expect(hub.connections).toHaveLength(2);
});

it.each([
  ["begins anew after a connection that stood for 10 s", 10_000, 250],
  ["goes on after one that fell sooner", 9_999, 1_000],
])("[K4] %s", (_what, stoodMs, waitMs) => {
  const { hub, clock } = live();
  for (const wait of [250, 500]) {
    hub.latest.drop(1006);
    clock.pass(wait);
  }
  hub.latest.welcome(at(41));
  clock.pass(0);
  clock.pass(stoodMs);
  hub.latest.drop(1006);
  clock.pass(waitMs - 1);
  expect(hub.connections).toHaveLength(3);
  clock.pass(1);
  expect(hub.connections).toHaveLength(4);
});

it("[K4] does not take a connection that was never welcomed for one that stood", () => {
  const { hub, clock } = live();
  hub.latest.drop(1006);
  clock.pass(250 + 10_000);
  expect(hub.connections).toHaveLength(2);
  clock.pass(499);
  expect(hub.connections).toHaveLength(2);
  clock.pass(1);
  expect(hub.connections).toHaveLength(3);
});

it.each<[ConnectionState, (client: ReturnType<typeof live>) => void]>([
  ["live", ({ clock }) => clock.pass(30_000)],
  [
    "waiting",
    ({ hub, clock }) => {
      hub.latest.drop(1006);
      clock.pass(0);
    },
  ],
  [
    "connecting",
    ({ hub, clock }) => {
      hub.latest.drop(1006);
      clock.pass(250);
    },
  ],
])("ends for good when it is closed while it is %s", (state, arrange) => {
  const client = live();
  const { hub, clock, connection, heard } = client;
  arrange(client);
  expect(connection.state).toBe(state);
  const before = hub.connections.length;
  connection.close();
  hub.latest.welcome(at(99));
  hub.latest.events(41, at(42), [event(42)]);
  hub.latest.drop(1006);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length, clock.pending]).toEqual(["closed", before, 0]);
  expect(hub.connections.every(({ left }) => left)).toBe(true);
  expect([heard, connection.cursor]).toEqual([[], at(41)]);
});

it.each<ConnectionState>(["live", "waiting", "connecting"])(
  "ends for good when a listener closes it on turning %s",
  (turn) => {
    let isOpen = false;
    const { hub, clock, connection, states } = connecting({
      onState: (state) => void (isOpen && state === turn && connection.close()),
    });
    isOpen = true;
    hub.latest.welcome(at(41));
    clock.pass(0);
    hub.latest.drop(1006);
    clock.pass(HOUR_MS);
    expect([states.at(-1), connection.state, clock.pending]).toEqual(["closed", "closed", 0]);
    expect(hub.connections.every(({ left }) => left)).toBe(true);
  },
);

it("hands on no event after a listener closed it", () => {
  const { hub, clock, connection, heard } = live({ onEvent: () => connection.close() });
  hub.latest.events(41, at(44), [event(42), event(43), event(44)]);
  clock.pass(0);
  expect(heard).toEqual([42]);
});

it("has handed on everything up to its place, also while it hands on", () => {
  const places: number[] = [];
  const { hub, clock, connection } = live({ onEvent: () => places.push(connection.cursor.seq) });
  hub.latest.events(41, at(60), [event(50), event(55)]);
  clock.pass(0);
  expect(places).toEqual([50, 55]);
  expect(connection.cursor).toEqual(at(60));
});

const query = (url: string) => Object.fromEntries(new URL(url).searchParams);

it("[K6] asks for no place until it has one, then comes back to the one that it reached", () => {
  const { hub, clock } = connecting();
  expect(query(hub.latest.url)).toEqual({});
  hub.latest.drop(1006);
  clock.pass(500);
  expect(query(hub.latest.url)).toEqual({});
  hub.latest.welcome(at(41));
  hub.latest.events(41, at(44), [event(43)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(1_000);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.44" });
});

it("[K6] comes back to 0.0 from a channel that was not born", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(ORIGIN);
  hub.latest.drop(1006);
  clock.pass(250);
  expect(query(hub.latest.url)).toEqual({ cursor: "0.0" });
});

it("[K6] begins where it is told to, with what it is told to hear", () => {
  const { hub } = connecting({ cursor: at(7), asked: ["news_*", "user_action"] });
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.7", events: "news_*,user_action" });
});

it("[K6] [R2] stays where it was when it is recovered, whatever the welcome says, and hears each event once", () => {
  const { hub, clock, connection, heard } = live();
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(50), { recovered: true });
  hub.latest.events(42, at(50), [event(43), event(50)]);
  clock.pass(0);
  expect([heard, connection.cursor]).toEqual([[42, 43, 50], at(50)]);
});

it("[R4] takes the place of a reset, ahead of its own or behind it, and tells of it", () => {
  const { hub, clock, connection, frames } = live();
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(3, "zzzz"), { recovered: false });
  hub.latest.reset(at(3, "zzzz"), "epoch");
  hub.latest.events(3, at(4, "zzzz"), [event(4)]);
  clock.pass(0);
  expect(connection.cursor).toEqual(at(4, "zzzz"));
  hub.latest.reset(at(9, "zzzz"), "trimmed");
  clock.pass(0);
  expect([connection.cursor, connection.state]).toEqual([at(9, "zzzz"), "live"]);
  const resets = frames.filter(({ type }) => type === "reactor_reset");
  expect(resets).toMatchObject([{ data: { reason: "epoch" } }, { data: { reason: "trimmed" } }]);
});

it("[K7] acknowledges a frame that asks for it, once it has handed on what it brought, and no other", () => {
  const sentBy: number[] = [];
  const client: ReturnType<typeof live> = live({ onEvent: () => sentBy.push(client.hub.latest.sent.length) });
  const { hub, clock } = client;
  hub.latest.events(41, at(43), [event(42), event(43)], true);
  hub.latest.events(43, at(10_043), [], true);
  hub.latest.events(10_043, at(10_044), [event(10_044)]);
  clock.pass(0);
  const acks = ["k3x9.43", "k3x9.10043"].map((cursor) => JSON.stringify({ type: "ack", data: { cursor } }));
  expect([hub.latest.sent, sentBy]).toEqual([acks, [0, 0, 2]]);
});

it("[K7] does not acknowledge a page during which it was closed", () => {
  const client: ReturnType<typeof live> = live({ onEvent: () => client.connection.close() });
  client.hub.latest.events(41, at(43), [event(42), event(43)], true);
  client.clock.pass(0);
  expect(client.hub.latest.sent).toEqual([]);
});

it("[F9] hears another subscription from the place that the hub names, and comes back with it", () => {
  const { hub, clock, connection } = live({ asked: ["a"] });
  connection.subscribe(["b", "c"]);
  expect(hub.latest.sent).toEqual([JSON.stringify({ type: "subscribe", data: { events: ["b", "c"] } })]);
  hub.latest.subscribed(["b", "c"], at(50));
  clock.pass(0);
  expect(connection.cursor).toEqual(at(50));
  hub.latest.drop(1006);
  clock.pass(250);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.50", events: "b,c" });
  hub.latest.welcome(at(50), { recovered: true });
  clock.pass(0);
  expect(hub.latest.sent).toEqual([]);
});

it("[F9] [K6] comes back with what held at its place, and asks again for what the hub had not answered", () => {
  const { hub, clock, connection } = live({ asked: ["a"] });
  connection.subscribe(["b"]);
  connection.subscribe(["c"]);
  hub.latest.subscribed(["b"], at(45));
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(250);
  connection.subscribe(["d"]);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.45", events: "b" });
  hub.latest.welcome(at(45), { recovered: true });
  clock.pass(0);
  expect(hub.latest.sent).toEqual([JSON.stringify({ type: "subscribe", data: { events: ["d"] } })]);
});

it("[F5] tells what the hub refused, and asks for a refused subscription no more", () => {
  const { hub, clock, connection, frames } = live({ asked: ["a"] });
  connection.subscribe(["b b"]);
  hub.latest.say(encodeError({ code: "bad_pattern", detail: "no" }));
  clock.pass(0);
  expect(frames.at(-1)).toEqual({ type: "reactor_error", data: { code: "bad_pattern", message: "no", ref: null } });
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(0);
  expect([query(hub.latest.url).events, hub.latest.sent]).toEqual(["a", []]);
});

it("is closed until it is opened, and opens one socket however often it is told to", () => {
  const clock = new ManualClock();
  const hub = new HubDouble(clock.after);
  const ignored = { onEvent() {}, onState() {}, onFrame() {} };
  const ports = { open: hub.open, after: clock.after, random: scripted(0.5) };
  const connection = new Connection(() => "ws://hub.test/ws/stream", ports, ignored);
  expect([connection.state, hub.connections.length]).toEqual(["closed", 0]);
  connection.open();
  connection.open();
  hub.latest.welcome(at(41));
  clock.pass(0);
  connection.open();
  expect([connection.state, hub.connections.length]).toEqual(["live", 1]);
});

it("[K6] goes on at its place when it is opened again after a close, and hears nothing of the socket before", () => {
  const { hub, clock, connection, heard } = live();
  hub.latest.events(41, at(42), [event(42)]);
  clock.pass(0);
  connection.close();
  const [before] = hub.connections;
  connection.open();
  before?.events(42, at(43), [event(43)]);
  hub.latest.welcome(at(42), { recovered: true });
  hub.latest.events(42, at(43), [event(43)]);
  clock.pass(0);
  expect(query(hub.latest.url)).toEqual({ cursor: "k3x9.42" });
  expect([heard, connection.state]).toEqual([[42, 43], "live"]);
});

it("comes back at once when it is told to, instead of when it would", () => {
  const { hub, clock, connection } = live();
  hub.latest.drop(1006);
  clock.pass(0);
  connection.open();
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length]).toEqual(["live", 2]);
});

it("counts how often it tried to come back, until it is welcomed or opened by hand", () => {
  const { hub, clock, connection } = live();
  const counted: number[] = [];
  for (const waitMs of [250, 500, 1_000]) {
    hub.latest.drop(1006);
    clock.pass(0);
    counted.push(connection.attempts);
    clock.pass(waitMs);
  }
  expect(counted).toEqual([0, 1, 2]);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(0);
  expect(connection.attempts).toBe(0);
  hub.latest.drop(1006);
  clock.pass(60_000);
  expect(connection.attempts).toBeGreaterThan(0);
  connection.close();
  connection.open();
  expect(connection.attempts).toBe(0);
});

it("tells how a socket ended: as the hub said, or as broken where it was given up", () => {
  const { hub, clock, losses } = live();
  hub.latest.drop(1012, "A new version.");
  clock.pass(250);
  hub.latest.welcome(at(41), { recovered: true });
  hub.latest.events(50, at(51), []);
  clock.pass(0);
  hub.latest.drop(1006);
  clock.pass(0);
  expect(losses.filter(Boolean)).toEqual([
    { code: 1012, reason: "A new version." },
    { code: 1006, reason: "gap" },
  ]);
});

it("hands on what the hub says besides events, once it has done what it says", () => {
  const seen: unknown[] = [];
  const client: ReturnType<typeof connecting> = connecting({
    onFrame: ({ type }) => seen.push([type, client.connection.state, client.connection.cursor.seq]),
  });
  client.hub.latest.welcome(at(41));
  client.hub.latest.subscribed(["a"], at(43));
  client.hub.latest.reset(at(9));
  client.clock.pass(0);
  expect(seen).toEqual([
    ["reactor_connected", "live", 41],
    ["reactor_subscribed", "live", 43],
    ["reactor_reset", "live", 9],
  ]);
});

it("says nothing of a frame during which it was closed", () => {
  const client: ReturnType<typeof connecting> = connecting({
    onState: (state) => void (state === "live" && client.connection.close()),
  });
  client.hub.latest.welcome(at(41));
  client.clock.pass(0);
  expect([client.connection.state, client.frames]).toEqual(["closed", []]);
});

it("sends a message of the page while it is live, and none that would cost it the connection", () => {
  const { hub, clock, connection } = connecting();
  expect(connection.send("hello", {})).toBe(false);
  hub.latest.welcome(at(41));
  clock.pass(0);
  expect(connection.send("hello", { to: "hub" })).toBe(true);
  expect(connection.send("hello", "é".repeat(40_000))).toBe(false);
  expect(hub.latest.sent.map((text) => JSON.parse(text))).toEqual([
    { type: "hello", data: { to: "hub" }, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) },
  ]);
  hub.latest.drop(1006);
  clock.pass(0);
  expect(connection.send("hello", {})).toBe(false);
});

it("measures how long the hub takes to answer, and says so if it never does", async () => {
  const { clock, connection } = live();
  const answered = connection.ping();
  clock.pass(0);
  expect(await answered).toBeGreaterThanOrEqual(0);
  const lost = connection.ping();
  connection.close();
  expect(await lost).toBeNull();
  expect(await connection.ping()).toBeNull();
});

it("[K1] [K4] takes the hub's pace as it is tuned, asked anew each time", () => {
  let base_ms = 4_000;
  const { hub, clock } = live({
    tune: ({ heartbeat_ms, retry }) => ({ heartbeat_ms: heartbeat_ms / 5, retry: { ...retry, base_ms } }),
  });
  clock.pass(5_000);
  expect(hub.latest.sent).toEqual(["ping"]);
  hub.latest.drop(1006);
  clock.pass(250);
  base_ms = 6_000;
  hub.latest.drop(1006);
  clock.pass(5_999);
  expect(hub.connections).toHaveLength(2);
  clock.pass(1);
  expect(hub.connections).toHaveLength(3);
});
