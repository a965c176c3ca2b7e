import { expect, it } from "vitest";
import { PromptTimers } from "../../../src/tabs/prompt-timers.ts";
import { ManualClock } from "../../support/manual-ports.ts";

function hiddenTab() {
  const clock = new ManualClock();
  const ran: string[] = [];
  // A browser that lets a hidden tab's timers run a minute late.
  const after = (ms: number, run: () => void) => clock.after(ms + 60_000, run);
  const timers = new PromptTimers({ after, soon: clock.soon, now: () => clock.nowMs });
  return { clock, ran, timers };
}

it("[K38] runs what is due when a message comes, though a timer comes late", () => {
  const { clock, ran, timers } = hiddenTab();
  timers.after(1_000, () => ran.push("one"));
  timers.after(2_000, () => ran.push("two"));
  clock.pass(1_500);
  timers.nudge();
  expect(ran).toEqual(["one"]);
  clock.pass(70_000);
  timers.nudge();
  expect(ran).toEqual(["one", "two"]);
  expect(clock.pending).toBe(0);
});

it("[K38] runs at the end of the turn what is due at once, and nothing that was cancelled", () => {
  const { clock, ran, timers } = hiddenTab();
  timers.after(0, () => ran.push("now"));
  timers.after(0, () => ran.push("never"))();
  const cancel = timers.after(500, () => ran.push("never"));
  clock.pass(0);
  cancel();
  clock.pass(1_000);
  timers.nudge();
  clock.pass(100_000);
  expect(ran).toEqual(["now"]);
});
