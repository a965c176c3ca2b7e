import { expect, it } from "vitest";
import { Reconnect } from "../../../src/client/connection/reconnect.ts";
import { PROBLEMS } from "../../../src/wire/problem.ts";
import { at, connected, connecting, HOUR_MS } from "../../support/connections.ts";
import { ManualClock, scripted } from "../../support/manual-ports.ts";

const PACE = { heartbeat_ms: 25_000, retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 } };

function setup() {
  const clock = new ManualClock();
  const ports = { open: () => expect.unreachable(), after: clock.after, soon: clock.soon, random: scripted(1) };
  return { clock, reconnect: new Reconnect(ports) };
}

/** Attempts `times` times. @returns how long each waited */
function tryOften({ clock, reconnect }: ReturnType<typeof setup>, times: number): number[] {
  return Array.from({ length: times }, () => {
    const from = clock.nowMs;
    let at = 0;
    reconnect.stop(); // the connection is lost
    reconnect.schedule(() => {
      at = clock.nowMs;
    });
    clock.pass(20_000);
    return at - from;
  });
}

it("[K4] waits longer with each failed attempt, and counts them", () => {
  const attempt = setup();
  attempt.reconnect.welcomed(PACE);
  expect(tryOften(attempt, 4)).toEqual([500, 1_000, 2_000, 4_000]);
  expect(attempt.reconnect.attempts).toBe(4);
});

it("[K4] counts attempts from 0 after a welcome, and waits as after two failed ones until it has lasted for 10 s", () => {
  const attempt = setup();
  tryOften(attempt, 3);
  attempt.reconnect.welcomed(PACE);
  expect(attempt.reconnect.attempts).toBe(0);
  expect(tryOften(attempt, 1)).toEqual([2_000]);
  attempt.reconnect.welcomed(PACE);
  attempt.clock.pass(10_000);
  expect(tryOften(attempt, 1)).toEqual([500]);
});

it("opens nothing after a stop", () => {
  const { clock, reconnect } = setup();
  reconnect.schedule(() => expect.unreachable());
  reconnect.stop();
  clock.pass(60_000);
  expect([clock.pending, reconnect.attempts]).toEqual([0, 0]);
});

it.each([4500, 4777, 4999])("[K3] stays away after a close with %i", (code) => {
  const { hub, clock, connection } = connected();
  hub.latest.drop(code);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length, clock.pending]).toEqual(["closed", 1, 0]);
});

it.each([1000, 1001, 1006, 1009, 1011, 1012, 4000, 4499, 5000])("[K3] reconnects after a close with %i", (code) => {
  const { hub, clock, connection } = connected();
  hub.latest.drop(code);
  clock.pass(0);
  expect(connection.state).toBe("reconnecting");
  clock.pass(250);
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
});

it("[K3] [K11] stays closed after a 4401 without another credential", () => {
  const { hub, clock, connection, losses } = connected();
  hub.latest.drop(PROBLEMS.unauthorized.close, "Who is there?");
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length, clock.pending]).toEqual(["closed", 1, 0]);
  expect(losses.at(-1)).toEqual({ code: 4401, reason: "Who is there?" });
});

it("[K3] stays closed after a hub refuses it before any welcome", () => {
  const { hub, clock, connection } = connecting();
  hub.latest.drop(4500);
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length]).toEqual(["closed", 1]);
});

it("[K4] reconnects within first_ms, then within windows that double up to max_ms, for as long as it takes", () => {
  const { hub, clock, connection } = connecting({ random: scripted(0.25) });
  hub.latest.welcome(at(41), { retry: { first_ms: 3_000, base_ms: 500, max_ms: 20_000 } });
  clock.pass(0);
  for (const windowMs of [3_000, 3_000, 3_000, 4_000, 8_000, 16_000, ...Array<number>(20).fill(20_000)]) {
    const before = hub.connections.length;
    hub.latest.drop(1006);
    clock.pass(windowMs / 4 - 1);
    expect([connection.state, hub.connections.length]).toEqual(["reconnecting", before]);
    clock.pass(1);
    expect([connection.state, hub.connections.length]).toEqual(["connecting", before + 1]);
  }
});

it("[K4] reconnects within a second to a hub that never welcomed it", () => {
  const { hub, clock } = connecting();
  hub.latest.drop(1006);
  clock.pass(499);
  expect(hub.connections).toHaveLength(1);
  clock.pass(1);
  expect(hub.connections).toHaveLength(2);
});

it.each([
  ["starts over after a connection that lasted for 10 s", 10_000, 250],
  ["continues the count after one that broke sooner", 9_999, 1_000],
])("[K4] %s", (_what, stoodMs, waitMs) => {
  const { hub, clock } = connected();
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

it("[K4] does not count a connection without a welcome as one that lasted", () => {
  const { hub, clock } = connected();
  hub.latest.drop(1006);
  clock.pass(250 + 10_000);
  expect(hub.connections).toHaveLength(2);
  clock.pass(499);
  expect(hub.connections).toHaveLength(2);
  clock.pass(1);
  expect(hub.connections).toHaveLength(3);
});

it("reconnects at once when `open` is called, instead of after its wait", () => {
  const { hub, clock, connection } = connected();
  hub.latest.drop(1006);
  clock.pass(0);
  connection.open();
  expect([connection.state, hub.connections.length]).toEqual(["connecting", 2]);
  hub.latest.welcome(at(41), { recovered: true });
  clock.pass(HOUR_MS);
  expect([connection.state, hub.connections.length]).toEqual(["connected", 2]);
});

it("counts its attempts to reconnect, until it is welcomed or opened", () => {
  const { hub, clock, connection } = connected();
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

it("reports how a socket closed: by the hub's code and reason, or by 1006 and its own reason", () => {
  const { hub, clock, losses } = connected();
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

it("[K1] [K4] applies the tuned advice of the hub, evaluated each time", () => {
  let base_ms = 4_000;
  const { hub, clock } = connected({
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
