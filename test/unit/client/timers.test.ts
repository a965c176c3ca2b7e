import { expect, it } from "vitest";
import { Timers } from "../../../src/client/connection/timers.ts";
import { ManualClock } from "../../support/manual-ports.ts";

function setup() {
  const clock = new ManualClock();
  const ran: string[] = [];
  return { clock, ran, timers: new Timers<"a" | "b">(clock.after) };
}

it("runs once what it waits for, and waits no more", () => {
  const { clock, ran, timers } = setup();
  timers.wait("a", 10, () => ran.push(`a ${timers.isWaiting("a")}`));
  expect(timers.isWaiting("a")).toBe(true);
  clock.pass(100);
  expect(ran).toEqual(["a false"]);
});

it("runs what was set last, and nothing that was stopped", () => {
  const { clock, ran, timers } = setup();
  timers.wait("a", 10, () => ran.push("first"));
  timers.wait("a", 20, () => ran.push("second"));
  timers.wait("b", 10, () => ran.push("b"));
  timers.stop("b");
  clock.pass(100);
  expect(ran).toEqual(["second"]);
});

it("stops all", () => {
  const { clock, ran, timers } = setup();
  timers.wait("a", 10, () => ran.push("a"));
  timers.wait("b", 10, () => ran.push("b"));
  timers.stopAll();
  clock.pass(100);
  expect([ran, timers.isWaiting("a"), clock.pending]).toEqual([[], false, 0]);
});
