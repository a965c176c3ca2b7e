import { expect, it } from "vitest";
import { Timers } from "../../../src/client/connection/timers.ts";
import { ManualClock } from "../../support/manual-ports.ts";

function setup() {
  const clock = new ManualClock();
  const ran: string[] = [];
  return { clock, ran, timers: new Timers<"a" | "b">(clock.after) };
}

it("runs once, and is no longer set", () => {
  const { clock, ran, timers } = setup();
  timers.start("a", 10, () => ran.push(`a ${timers.isRunning("a")}`));
  expect(timers.isRunning("a")).toBe(true);
  clock.pass(100);
  expect(ran).toEqual(["a false"]);
});

it("runs what was set last, and nothing that was stopped", () => {
  const { clock, ran, timers } = setup();
  timers.start("a", 10, () => ran.push("first"));
  timers.start("a", 20, () => ran.push("second"));
  timers.start("b", 10, () => ran.push("b"));
  timers.stop("b");
  clock.pass(100);
  expect(ran).toEqual(["second"]);
});

it("stops all", () => {
  const { clock, ran, timers } = setup();
  timers.start("a", 10, () => ran.push("a"));
  timers.start("b", 10, () => ran.push("b"));
  timers.stopAll();
  clock.pass(100);
  expect([ran, timers.isRunning("a"), clock.pending]).toEqual([[], false, 0]);
});
