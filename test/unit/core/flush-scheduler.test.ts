import { expect, it } from "vitest";
import { FlushScheduler, type Outcome } from "../../../src/core/fanout/flush-scheduler.ts";
import { draftOf, draftsOf } from "../../support/drafts.ts";
import { AT } from "../../support/hub-in-memory.ts";
import { ManualClock } from "../../support/manual-ports.ts";
import { stamped } from "../../support/stamped.ts";

const events = (count: number) => draftsOf(count).map((draft, n) => stamped(draft, "abc", n + 1, AT));
const touching = (touched: number): Outcome => ({ touched, isDone: true });

/** A scheduler whose flushes have these `outcomes`, the last one for ever. */
function schedulerOf(...outcomes: readonly (Outcome | Error)[]) {
  const clock = new ManualClock();
  const flushes: number[] = [];
  const reports: unknown[] = [];
  const flush = () => {
    const outcome = outcomes[Math.min(flushes.push(clock.nowMs), outcomes.length) - 1];
    if (outcome instanceof Error) throw outcome;
    return outcome ?? expect.fail();
  };
  const scheduler = new FlushScheduler(flush, {
    later: (ms, act) => void clock.after(ms, act),
    nowMs: () => clock.nowMs,
    report: (_, error) => reports.push(error),
    hold: (act) => act(),
  });
  const start = clock.nowMs;
  return { clock, scheduler, reports, times: () => flushes.map((ms) => ms - start) };
}

it("[F7] sends an event at once if nothing is in progress", () => {
  const { clock, scheduler, times } = schedulerOf(touching(1_000), touching(0), touching(1_000));
  scheduler.appended(events(1));
  clock.pass(200);
  scheduler.appended(events(1));
  expect(times()).toEqual([0, 50, 200]); // the second finds nothing, and ends the pause
});

it("[F7] pauses for the duration of a flush to that many sockets, and at most 50 ms", () => {
  for (const [touched, pauseMs] of [
    [1_000, 50],
    [9_000, 50],
    [100, 5],
  ] as const) {
    const { clock, scheduler, times } = schedulerOf(touching(touched), touching(touched), touching(0));
    scheduler.appended(events(1));
    clock.pass(1);
    scheduler.appended(events(1));
    clock.pass(200);
    expect(times()).toEqual([0, 1 + pauseMs, 1 + 2 * pauseMs]);
  }
});

it("[F7] does not pause if the pause is shorter than any timer", () => {
  const { scheduler, times } = schedulerOf(touching(19));
  for (let n = 0; n < 3; n++) scheduler.appended(events(1));
  expect(times()).toEqual([0, 0, 0]);
});

it("[F7] flushes in the turn that reaches 64 events, or 64 KiB", () => {
  for (const turns of [
    Array(64).fill(events(1)),
    [events(64)],
    [[stamped(draftOf({ type: "a", data: "x".repeat(65_536) }), "abc", 1, AT)]],
  ]) {
    const { clock, scheduler, times } = schedulerOf(touching(1_000));
    scheduler.appended(events(1));
    clock.pass(1);
    for (const [n, each] of turns.entries()) {
      expect(times()).toEqual([0]);
      scheduler.appended(each);
      if (n < turns.length - 1) expect(times()).toEqual([0]);
    }
    expect(times()).toEqual([0, 1]);
  }
});

it("[F7] flushes in the turn in which the pause is over, also if its timer is late", () => {
  const { clock, scheduler, times } = schedulerOf(touching(1_000));
  const late: (() => void)[] = [];
  const starved = new FlushScheduler(
    () => {
      late.push(() => {});
      return touching(1_000);
    },
    { later: () => {}, nowMs: () => clock.nowMs, report: () => {}, hold: (act) => act() },
  );
  starved.appended(events(1));
  starved.appended(events(1));
  clock.pass(49);
  starved.appended(events(1));
  expect(late).toHaveLength(1);
  clock.pass(1);
  starved.appended(events(1));
  expect(late).toHaveLength(2);
  scheduler.appended(events(1));
  expect(times()).toEqual([50]);
});

it("[F8] continues a flush that one turn could not finish, in a turn of its own or that of the next emit", () => {
  const partly: Outcome = { touched: 500, isDone: false };
  const { clock, scheduler, times } = schedulerOf(partly, partly, touching(1_000), touching(0));
  scheduler.appended(events(1));
  scheduler.appended(events(1));
  expect(times()).toEqual([0, 0]);
  clock.pass(100);
  expect(times()).toEqual([0, 0, 0, 50]);
});

it("[P8] checks again after a while if the memory budget is exhausted, and not at every emit", () => {
  const { clock, scheduler, times } = schedulerOf("held", "held", touching(0));
  scheduler.appended(events(1));
  for (let n = 0; n < 80; n++) scheduler.appended(events(1));
  expect(times()).toEqual([0]);
  clock.pass(200);
  expect(times()).toEqual([0, 50, 100]);
});

it("[L1] reports a flush that throws, and tries again: the events are in the log", () => {
  const broken = new Error("The disk is gone.");
  const { clock, scheduler, times, reports } = schedulerOf(broken, touching(1));
  scheduler.appended(events(1));
  clock.pass(200);
  expect([times(), reports]).toEqual([[0, 50], [broken]]);
});

it("[F7] [F8] sends what was appended during a flush of several turns, also if no pause follows it", () => {
  const { clock, scheduler, times } = schedulerOf({ touched: 0, isDone: false }, touching(0));
  scheduler.appended(events(1));
  scheduler.appended(events(1)); // continues the flush, and is not part of it
  expect(times()).toEqual([0, 0]);
  clock.pass(1);
  expect(times()).toEqual([0, 0, 0]);
});
