import { expect, it } from "vitest";
import { Heartbeat } from "../../../src/client/connection/heartbeat.ts";
import { at, connected, connecting, event, HOUR_MS } from "../../support/connections.ts";
import { ManualClock, scripted, seeded } from "../../support/manual-ports.ts";

function setup() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const silences: number[] = [];
  const ports = { open: () => expect.unreachable(), after: clock.after, soon: clock.soon, random: scripted(0.5) };
  const heartbeat = new Heartbeat(
    ports,
    (text) => sent.push(text),
    () => silences.push(clock.nowMs),
  );
  return { clock, heartbeat, sent, silences };
}

it("[K2] detects a hub that does not welcome within 10 s, whatever else it sends", () => {
  const { clock, heartbeat, silences } = setup();
  heartbeat.expectAnswer();
  clock.pass(9_000);
  heartbeat.received("{}");
  clock.pass(60_000);
  expect(silences).toEqual([10_000]);
});

it("[K2] detects a hub that sends nothing within 10 s of a ping", () => {
  const { clock, heartbeat, sent, silences } = setup();
  heartbeat.expectAnswer();
  heartbeat.beat(20_000);
  clock.pass(25_000);
  heartbeat.received("{}");
  clock.pass(25_000);
  expect([sent, silences]).toEqual([["ping", "ping"], [50_000]]);
});

it("measures each round trip by the next pong, and by no other message", async () => {
  const { heartbeat, sent } = setup();
  const trips = [heartbeat.roundTrip(), heartbeat.roundTrip()];
  heartbeat.received("{}");
  heartbeat.received("pong");
  for (const ms of await Promise.all(trips)) expect(ms).toBeGreaterThanOrEqual(0);
  expect(sent).toEqual(["ping", "ping"]);
});

it("leaves no timer behind when it is stopped", async () => {
  const { clock, heartbeat, silences } = setup();
  heartbeat.expectAnswer();
  heartbeat.beat(1_000);
  const trip = heartbeat.roundTrip();
  heartbeat.stop();
  expect([await trip, clock.pending, silences]).toEqual([null, 0, []]);
});

it.each([
  [0, 22_500],
  [0.25, 23_750],
  [0.5, 25_000],
  [1, 27_500],
])("[K1] pings after heartbeat_ms ± 10 %%: with a random value of %d after %i ms", (chance, pingMs) => {
  const { hub, clock } = connected({ random: scripted(chance) });
  clock.pass(pingMs - 1);
  expect(hub.latest.sent).toEqual([]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping"]);
  clock.pass(pingMs - 1);
  expect(hub.latest.sent).toEqual(["ping"]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping", "ping"]);
});

it("[K1] draws a random value for each ping", () => {
  const { hub, clock } = connected({ random: scripted(0, 1, 0.5) });
  clock.pass(22_500 + 27_500 - 1);
  expect(hub.latest.sent).toHaveLength(1);
  clock.pass(1);
  expect(hub.latest.sent).toHaveLength(2);
});

it("[K1] pings as often as the hub requests", () => {
  const { hub, clock } = connecting();
  hub.latest.welcome(at(41), { heartbeat_ms: 60_000 });
  clock.pass(59_999);
  expect(hub.latest.sent).toEqual([]);
  clock.pass(1);
  expect(hub.latest.sent).toEqual(["ping"]);
});

it("[K1] pings while events keep arriving", () => {
  const { hub, clock } = connected();
  for (let seq = 42; seq < 142; seq++) {
    hub.latest.events(seq - 1, at(seq), [event(seq)]);
    clock.pass(1_000);
  }
  expect(hub.latest.sent).toEqual(["ping", "ping", "ping", "ping"]);
});

it("[K2] stays with a hub that answers its pings", () => {
  const { hub, clock, states } = connected({ random: seeded(43) });
  clock.pass(24 * HOUR_MS);
  expect(states).toEqual(["connecting", "connected"]);
  expect(hub.connections).toHaveLength(1);
});

it("[K2] gives up a hub that does not welcome within 10 s, and reconnects", () => {
  const { hub, clock, connection } = connecting();
  const first = hub.latest;
  clock.pass(9_999);
  expect([connection.state, first.isClosedByClient]).toEqual(["connecting", false]);
  clock.pass(1);
  expect([connection.state, first.isClosedByClient]).toEqual(["reconnecting", true]);
  clock.pass(500);
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
});

it("[K2] gives up a hub that sends something within 10 s, but no welcome", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.deliver('{"type":"reactor_notice","data":{}}');
  clock.pass(10_000);
  expect([connection.state, hub.latest.isClosedByClient]).toEqual(["reconnecting", true]);
});

it("[K2] gives up a hub that does not answer a ping within 10 s, and reconnects", () => {
  const { hub, clock, connection } = connected();
  const first = hub.latest;
  hub.frozen = true;
  clock.pass(25_000 + 9_999);
  expect([connection.state, first.isClosedByClient]).toEqual(["connected", false]);
  clock.pass(1);
  expect([connection.state, first.isClosedByClient]).toEqual(["reconnecting", true]);
  hub.frozen = false;
  clock.pass(250);
  hub.latest.welcome(at(44));
  clock.pass(0);
  expect([connection.state, connection.cursor, hub.connections.length]).toEqual(["connected", at(44), 2]);
});

it("[K2] gives it up 10 s after its first unanswered ping, also where pings are due more often", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.welcome(at(41), { heartbeat_ms: 5_000 });
  clock.pass(0);
  hub.frozen = true;
  clock.pass(5_000 + 10_000);
  expect(connection.state).toBe("reconnecting");
});

it("measures how long the hub takes to answer, and rejects if it never does", async () => {
  const { clock, connection } = connected();
  const answered = connection.ping();
  clock.pass(0);
  expect(await answered).toBeGreaterThanOrEqual(0);
  const lost = connection.ping();
  connection.close();
  expect(await lost).toBeNull();
  expect(await connection.ping()).toBeNull();
});
