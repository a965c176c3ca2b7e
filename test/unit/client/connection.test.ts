import { describe, expect, it } from "vitest";
import { Connection } from "../../../src/client/connection/connection.ts";
import type { ConnectionState } from "../../../src/client/connection/connection-events.ts";
import { encodeRemoved } from "../../../src/wire/server-frame.ts";
import { at, connected, connecting, event, HOUR_MS, query } from "../../support/connections.ts";
import { HubDouble } from "../../support/hub-double.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

it("is connected once it is welcomed, at the cursor of the welcome", () => {
  const { hub, clock, connection, states } = connecting();
  expect([connection.state, connection.cursor]).toEqual(["connecting", undefined]);
  hub.latest.welcome(at(41));
  clock.pass(0);
  expect([connection.state, connection.cursor]).toEqual(["connected", at(41)]);
  expect(states).toEqual(["connecting", "connected"]);
});

it("reports each change of state once", () => {
  const { hub, clock, connection, states } = connected();
  hub.latest.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(41));
  clock.pass(0);
  connection.close();
  connection.close();
  expect(states).toEqual(["connecting", "connected", "reconnecting", "connecting", "connected", "closed"]);
});

it("[X3] goes on at its position when it is told of a removal", () => {
  const { hub, clock, connection, states } = connected();
  const before = [connection.cursor, ...states];
  hub.latest.deliver(encodeRemoved({ cursor: "k3x9.1" }));
  clock.pass(0);
  expect([connection.cursor, ...states]).toEqual(before);
  expect(hub.latest.isClosedByClient).toBe(false);
});

it("ignores a socket that it gave up", () => {
  const { hub, clock, connection, received } = connected();
  const first = hub.latest;
  first.drop(1006);
  clock.pass(250);
  hub.latest.welcome(at(50));
  clock.pass(0);
  first.welcome(at(99));
  first.events(50, at(51), [event(51)]);
  first.drop(4500);
  clock.pass(0);
  expect([received, connection.cursor, connection.state]).toEqual([[], at(50), "connected"]);
  clock.pass(HOUR_MS);
  expect([first.sent, hub.connections.length]).toEqual([[], 2]);
});

it.each<[ConnectionState, (client: ReturnType<typeof connected>) => void]>([
  ["connected", ({ clock }) => clock.pass(30_000)],
  [
    "reconnecting",
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
])("stays closed when it is closed while it is %s", (state, arrange) => {
  const client = connected();
  const { hub, clock, connection, received } = client;
  arrange(client);
  expect(connection.state).toBe(state);
  const before = hub.connections.length;
  connection.close();
  hub.latest.welcome(at(99));
  hub.latest.events(41, at(42), [event(42)]);
  hub.latest.drop(1006);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length, clock.pending]).toEqual(["closed", before, 0]);
  expect(hub.connections.every(({ isClosedByClient }) => isClosedByClient)).toBe(true);
  expect([received, connection.cursor]).toEqual([[], at(41)]);
});

it.each<ConnectionState>(["connected", "reconnecting", "connecting"])(
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
    expect(hub.connections.every(({ isClosedByClient }) => isClosedByClient)).toBe(true);
  },
);

it("is closed until it is opened, and opens one socket however often `open` is called", () => {
  const clock = new ManualClock();
  const hub = new HubDouble(clock);
  const ports = { open: hub.open, after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const connection = new Connection(() => "ws://hub.test/ws/stream", ports);
  expect([connection.state, hub.connections.length]).toEqual(["closed", 0]);
  connection.open();
  connection.open();
  hub.latest.welcome(at(41));
  clock.pass(0);
  connection.open();
  expect([connection.state, hub.connections.length]).toEqual(["connected", 1]);
});

it("passes on frames other than events, after it has handled them", () => {
  const seen: unknown[] = [];
  const client: ReturnType<typeof connecting> = connecting({
    onFrame: ({ type }) => seen.push([type, client.connection.state, client.connection.cursor?.seq]),
  });
  client.hub.latest.welcome(at(41));
  client.hub.latest.subscribed(["a"], at(43));
  client.hub.latest.reset(at(9));
  client.clock.pass(0);
  expect(seen).toEqual([
    ["reactor_connected", "connected", 41],
    ["reactor_subscribed", "connected", 43],
    ["reactor_reset", "connected", 9],
  ]);
});

it("passes on no frame during which it was closed", () => {
  const client: ReturnType<typeof connecting> = connecting({
    onState: (state) => void (state === "connected" && client.connection.close()),
  });
  client.hub.latest.welcome(at(41));
  client.clock.pass(0);
  expect([client.connection.state, client.frames]).toEqual(["closed", []]);
});

it("sends a message of the page while it is connected, and none that would close the connection", () => {
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

describe("[K15] when the hub announces a close", () => {
  it.each([
    ["too_slow", "reconnecting", 4408],
    ["rate_limited", "reconnecting", 4429],
    ["protocol_error", "closed", 4500],
    ["forbidden", "closed", 4503],
    ["unauthorized", "closed", 4401],
  ] as const)("treats an announced %s as the close, and is %s", (code, state, close) => {
    const { hub, clock, states, losses, frames } = connected();
    const [first] = hub.connections;
    first?.announceClose(code);
    clock.pass(0);
    expect([states.at(-1), losses.at(-1)]).toEqual([state, { code: close, reason: `Closed: ${code}.` }]);
    expect(frames.map(({ type }) => type)).toEqual(["reactor_connected"]);
    clock.pass(1_000);
    first?.drop(close); // arrives late, and changes nothing
    clock.pass(0);
    expect(hub.connections).toHaveLength(state === "reconnecting" ? 2 : 1);
  });

  it("requests another token after a 4401, and continues at its cursor", () => {
    const { hub, clock } = connected({ credential: { next: () => "t.1", offer: (token) => token, renew: () => true } });
    hub.latest.announceClose("unauthorized");
    clock.pass(1_000);
    expect(hub.connections.map(({ url }) => query(url).cursor)).toEqual([undefined, "k3x9.41"]);
  });
});

describe("[K15] when the socket is closing without a close event", () => {
  it("reconnects when its next ping is due", () => {
    const { hub, clock, states } = connected();
    hub.latest.readyState = 2;
    clock.pass(25_000);
    expect([states.at(-1), hub.latest.sent.includes("ping")]).toEqual(["reconnecting", false]);
    clock.pass(1_000);
    expect(hub.connections).toHaveLength(2);
  });

  it("does not treat a message as sent", () => {
    const { hub, connection } = connected();
    hub.latest.readyState = 3;
    expect([connection.sendText("hello"), connection.state, hub.latest.sent]).toEqual([false, "reconnecting", []]);
  });

  it("loses no patterns that it has to request", () => {
    const { hub, clock, connection } = connected();
    hub.latest.readyState = 2;
    connection.subscribe(["b"]);
    clock.pass(1_000);
    hub.latest.welcome(at(41));
    clock.pass(0);
    expect(hub.latest.sent).toContain('{"type":"subscribe","data":{"events":["b"]}}');
  });
});
