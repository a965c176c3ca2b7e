// Lives without a fault, which nothing may end: what a hub reaps by what was sent to it, and never by what it sent itself.
import { describe, expect, it } from "vitest";
import { World } from "./world.ts";

const HEARTBEAT_MS = 30_000;
const LIFE_MS = 5 * 60_000;

/** @param everyMs how often there is news; never if not given */
function live(seed: number, isOld: boolean, everyMs = Number.POSITIVE_INFINITY) {
  const world = new World(seed);
  world.settle([], isOld);
  world.clock.pass(1_000); // it is welcomed, and owed what comes from here on
  for (let ms = 0; ms < LIFE_MS; ms += 1_000) {
    if (ms % everyMs === 0) world.publish(`${ms}`, 1, 10);
    if (ms % HEARTBEAT_MS === 0) world.ring();
    world.clock.pass(1_000);
  }
  return { world, taken: world.citizens[0]?.taken.length };
}

describe.each([
  ["a client", false],
  ["an old page", true],
] as const)("%s", (_, isOld) => {
  it("[A4] [K1] that is sent an event a second for five minutes stays, on its first connection", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, taken } = live(seed, isOld, 1_000);
      expect([world.attempts, world.connected, taken], `seed ${seed}`).toEqual([1, 1, LIFE_MS / 1_000]);
    }
  });

  it("[A4] [K1] that is sent nothing but heartbeats for five minutes stays, on its first connection", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world } = live(seed, isOld);
      expect([world.attempts, world.connected], `seed ${seed}`).toEqual([1, 1]);
    }
  });
});
