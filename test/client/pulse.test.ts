import { expect, it } from "vitest";
import { Pulse } from "../../src/client/pulse.ts";
import { ManualClock, scripted } from "../doubles/manual-ports.ts";

function setup() {
  const clock = new ManualClock();
  const sent: string[] = [];
  const silences: number[] = [];
  const ports = { open: () => expect.unreachable(), after: clock.after, random: scripted(0.5) };
  const pulse = new Pulse(
    ports,
    (text) => sent.push(text),
    () => silences.push(clock.nowMs),
  );
  return { clock, pulse, sent, silences };
}

it("[K2] notices a hub that does not welcome within 10 s, whatever else it says", () => {
  const { clock, pulse, silences } = setup();
  pulse.expectWelcome();
  clock.pass(9_000);
  pulse.heard("{}");
  clock.pass(60_000);
  expect(silences).toEqual([10_000]);
});

it("[K2] notices one that says nothing within 10 s of a ping", () => {
  const { clock, pulse, sent, silences } = setup();
  pulse.expectWelcome();
  pulse.beat(20_000);
  clock.pass(25_000);
  pulse.heard("{}");
  clock.pass(25_000);
  expect([sent, silences]).toEqual([["ping", "ping"], [50_000]]);
});

it("measures each round trip by the next answer, and none by other words", async () => {
  const { pulse, sent } = setup();
  const trips = [pulse.roundTrip(), pulse.roundTrip()];
  pulse.heard("{}");
  pulse.heard("pong");
  for (const ms of await Promise.all(trips)) expect(ms).toBeGreaterThanOrEqual(0);
  expect(sent).toEqual(["ping", "ping"]);
});

it("leaves nothing behind when it is stopped", async () => {
  const { clock, pulse, silences } = setup();
  pulse.expectWelcome();
  pulse.beat(1_000);
  const trip = pulse.roundTrip();
  pulse.stop();
  expect([await trip, clock.pending, silences]).toEqual([null, 0, []]);
});
