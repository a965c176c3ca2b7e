// Lives without a fault, which nothing may end: a hub closes sockets for their own silence, never for what it sent itself.
import { describe, expect, it } from "vitest";
import { type Kind, World } from "./world.ts";

const LIFE_MS = 5 * 60_000;

/** @param everyMs how often there is news; never if not given */
async function live(seed: number, kind: Kind, everyMs = Number.POSITIVE_INFINITY) {
  const world = new World(seed);
  world.host.office.isWell = true;
  world.settle(kind, []);
  await world.live(1_000); // it is welcomed, and owed what comes from here on
  for (let ms = 0; ms < LIFE_MS; ms += 1_000) {
    if (ms % everyMs === 0) world.publish(`${ms}`, 1, 10);
    await world.live(1_000);
  }
  const published = world.host.log.appended.length;
  return { world, published, taken: world.citizens[0]?.taken.length };
}

describe.each(["client", "tokens", "legacy", "plain"] as const)("%s", (kind) => {
  it("[A3] [K1] that is sent an event a second for five minutes stays, on its first connection", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, published, taken } = await live(seed, kind, 1_000);
      expect([world.attempts, world.host.connected], `seed ${seed}`).toEqual([1, 1]);
      if (kind !== "tokens") expect(taken, `seed ${seed}`).toBe(published);
    }
  });

  it("[A3] [K1] that is sent nothing but heartbeats for five minutes stays, on its first connection", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world } = await live(seed, kind);
      expect([world.attempts, world.host.connected], `seed ${seed}`).toEqual([1, 1]);
    }
  });
});
