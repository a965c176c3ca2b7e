import { expect, it } from "vitest";
import { Comeback } from "../../src/client/comeback.ts";
import { ManualClock, scripted } from "../doubles/manual-ports.ts";

const PACE = { heartbeat_ms: 25_000, retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 } };

function setup() {
  const clock = new ManualClock();
  const ports = { open: () => expect.unreachable(), after: clock.after, random: scripted(1) };
  return { clock, comeback: new Comeback(ports) };
}

/** Tries `times` times. @returns how long each waited */
function tryOften({ clock, comeback }: ReturnType<typeof setup>, times: number): number[] {
  return Array.from({ length: times }, () => {
    const from = clock.nowMs;
    let at = 0;
    comeback.stop(); // the connection is lost
    comeback.later(() => {
      at = clock.nowMs;
    });
    clock.pass(20_000);
    return at - from;
  });
}

it("[K4] waits longer with each attempt in vain, and counts them", () => {
  const attempt = setup();
  attempt.comeback.welcomed(PACE);
  expect(tryOften(attempt, 4)).toEqual([500, 1_000, 2_000, 4_000]);
  expect(attempt.comeback.attempts).toBe(4);
});

it("[K4] counts attempts anew from a welcome, and waits as long as before until that has stood for 10 s", () => {
  const attempt = setup();
  tryOften(attempt, 3);
  attempt.comeback.welcomed(PACE);
  expect(attempt.comeback.attempts).toBe(0);
  expect(tryOften(attempt, 1)).toEqual([4_000]);
  attempt.comeback.welcomed(PACE);
  attempt.clock.pass(10_000);
  expect(tryOften(attempt, 1)).toEqual([500]);
});

it("opens nothing after a stop", () => {
  const { clock, comeback } = setup();
  comeback.later(() => expect.unreachable());
  comeback.stop();
  clock.pass(60_000);
  expect([clock.pending, comeback.attempts]).toEqual([0, 0]);
});
