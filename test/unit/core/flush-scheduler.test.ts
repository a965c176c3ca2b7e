import fc from "fast-check";
import { expect, it } from "vitest";
import { FlushScheduler, type Outcome } from "../../../src/core/fanout/flush-scheduler.ts";
import { draftOf, draftsOf } from "../../support/drafts.ts";
import { AT } from "../../support/hub-in-memory.ts";
import { ManualClock } from "../../support/manual-ports.ts";
import { stamped } from "../../support/stamped.ts";

const events = (count: number) => draftsOf(count).map((draft, n) => stamped(draft, "abc", n + 1, AT));
const touching = (touched: number): Outcome => ({ touched, unsentBytes: 0, isRoundOver: true });

interface Surroundings {
  /** What sending a frame takes of the thread, in ms, before the next timer runs. */
  readonly msPerSocket?: number;
  /** Whether timers run at all. */
  readonly isStarved?: boolean;
}

/** A scheduler whose flushes have these `outcomes`, the last one for ever. */
function schedulerOf(outcomes: readonly (Outcome | Error)[], { msPerSocket = 0.04, isStarved }: Surroundings = {}) {
  const clock = new ManualClock();
  const flushes: { readonly atMs: number; readonly tookMs: number }[] = [];
  const reports: unknown[] = [];
  const flush = () => {
    const outcome = outcomes[Math.min(flushes.length, outcomes.length - 1)];
    if (outcome instanceof Error || outcome === undefined || outcome === "held") {
      flushes.push({ atMs: clock.nowMs, tookMs: 0 });
      if (outcome instanceof Error) throw outcome;
      return outcome ?? expect.fail();
    }
    flushes.push({ atMs: clock.nowMs, tookMs: outcome.touched * msPerSocket });
    return outcome;
  };
  const later = (ms: number, act: () => void) => {
    // A timer that is set in the turn of a flush runs once its frames are written.
    const { atMs = 0, tookMs = 0 } = flushes.at(-1) ?? {};
    if (!isStarved) clock.after(Math.max(ms, atMs + tookMs - clock.nowMs), act);
  };
  const scheduler = new FlushScheduler(flush, {
    later,
    soon: (act) => later(0, act),
    nowMs: () => clock.nowMs,
    report: (_, error) => reports.push(error),
    hold: (act) => act(),
  });
  return { clock, scheduler, reports, flushes, times: () => flushes.map(({ atMs }) => atMs) };
}

it("[F7] sends an event at once if nothing is in progress, and again once the last flush is paid for", () => {
  const { clock, scheduler, times } = schedulerOf([touching(1_000)]);
  scheduler.appended(events(1));
  clock.pass(45); // 40 ms are written, and 5 paused
  scheduler.appended(events(1));
  expect(times()).toEqual([0, 45]);
});

it("[F7] collects while it sends, and pauses for an eighth of what that took", () => {
  for (const [touched, nextMs] of [
    [1_000, 45],
    [9_000, 405],
    [200, 9],
  ] as const) {
    const { clock, scheduler, times } = schedulerOf([touching(touched)]);
    scheduler.appended(events(1));
    clock.pass(1);
    scheduler.appended(events(1));
    scheduler.appended(events(1));
    clock.pass(nextMs - 2);
    expect(times()).toEqual([0]);
    clock.pass(1);
    expect(times()).toEqual([0, nextMs]);
  }
});

it("[F7] learns what a frame costs", () => {
  const { clock, scheduler, times } = schedulerOf([touching(1_000)], { msPerSocket: 0.08 });
  for (let n = 0; n < 300; n++) {
    scheduler.appended(events(1));
    clock.pass(10);
  }
  const gaps = times().map((ms, n) => ms - (times()[n - 1] ?? 0));
  expect(gaps[1]).toBeLessThan(90);
  expect(gaps.at(-1)).toBeGreaterThanOrEqual(89); // 80 and 10, as far as timers have whole ms
});

it("[F7] pauses on while emits come one after the other: for twice as long as the flush took, or until a frame is full", () => {
  const busyFor = (sizes: readonly number[]) => {
    const { clock, scheduler, times } = schedulerOf([touching(1_000)]);
    scheduler.appended(events(1));
    clock.pass(40);
    for (const bytes of sizes) {
      scheduler.appended([stamped(draftOf({ type: "a", data: "x".repeat(bytes) }), "abc", 1, AT)]);
      scheduler.appended(events(1));
      clock.pass(1);
    }
    return times().slice(0, 2);
  };
  expect(busyFor(Array(100).fill(10))).toEqual([0, 120]);
  expect(busyFor(Array(100).fill(1_000))[1]).toBeLessThan(70);
  expect(busyFor(Array(100).fill(40_000))).toEqual([0, 45]);
});

it("[F7] does not pause longer than 200 ms", () => {
  const { clock, scheduler, times } = schedulerOf([touching(9_000)]);
  scheduler.appended(events(1));
  clock.pass(360);
  for (let n = 0; n < 300; n++) {
    scheduler.appended(events(n % 5 === 0 ? 2 : 1));
    clock.pass(1);
  }
  expect(times().slice(0, 2)).toEqual([0, 560]);
});

it("[F7] pauses for the last round alone after many with full frames, and though unlogged events come in its pauses", () => {
  const full: Outcome = { touched: 200, unsentBytes: 32_000, isRoundOver: true };
  const overloaded = schedulerOf([...Array(2_000).fill(full), touching(1_000)]);
  overloaded.scheduler.appended(events(1));
  overloaded.clock.pass(16_000);
  overloaded.scheduler.appended(events(1));
  overloaded.clock.pass(100);
  expect(overloaded.times().length).toBe(2_002);
  const { clock, scheduler, times } = schedulerOf([touching(1_000)]);
  for (let n = 0; n < 3_000; n++) {
    clock.pass(1);
    scheduler.appended(events(1));
    if (n % 60 === 0) scheduler.now();
  }
  const seen = times().length;
  clock.pass(120);
  expect(times().length).toBeGreaterThan(seen);
});

it("[F7] does not pause if the pause is shorter than any timer", () => {
  const { scheduler, times } = schedulerOf([touching(19)]);
  for (let n = 0; n < 3; n++) scheduler.appended(events(1));
  expect(times()).toEqual([0, 0, 0]);
});

it("[F7] flushes in the turn in which the pause is over, also if timers starve", () => {
  const { clock, scheduler, times } = schedulerOf([touching(1_000)], { isStarved: true });
  scheduler.appended(events(1));
  clock.pass(79);
  scheduler.appended(events(1));
  clock.pass(1);
  scheduler.appended(events(1)); // twice what it should have taken: it is taken for written
  expect(times()).toEqual([0]);
  clock.pass(6);
  scheduler.appended(events(1)); // three since then, in 6 ms: they do not come one after the other
  expect(times()).toEqual([0, 86]);
});

it("[F7] a clock that is set neither holds events back nor sends them sooner than a flush allows", () => {
  const { clock, scheduler, times } = schedulerOf([touching(1_000)]);
  scheduler.appended(events(1));
  clock.pass(10);
  clock.nowMs -= 3_600_000;
  scheduler.appended(events(1));
  expect(times()).toEqual([0]);
  clock.pass(3_600_000 + 200);
  expect(times()).toHaveLength(2);
});

it("[F8] continues a round that one turn could not finish, once the runtime has written, and pauses for all of it", () => {
  const partly: Outcome = { touched: 200, unsentBytes: 300, isRoundOver: false };
  const { clock, scheduler, times } = schedulerOf([partly, partly, touching(200), touching(0)]);
  scheduler.appended(events(1));
  scheduler.appended(events(1));
  clock.pass(16);
  expect(times()).toEqual([0, 8, 16]);
  scheduler.appended(events(1));
  clock.pass(100);
  expect(times()).toEqual([0, 8, 16, 27]); // 24 ms for 600 frames, and 3
});

it("[F8] an emit continues the round if timers starve", () => {
  const partly: Outcome = { touched: 200, unsentBytes: 300, isRoundOver: false };
  const { clock, scheduler, times } = schedulerOf([partly, touching(200)], { isStarved: true });
  scheduler.appended(events(1));
  clock.pass(15);
  scheduler.appended(events(1));
  expect(times()).toEqual([0]);
  clock.pass(1);
  scheduler.appended(events(1));
  expect(times()).toEqual([0, 16]);
});

it("[F8] sends on in the next turns while frames are full: more events would make none cheaper", () => {
  const full: Outcome = { touched: 200, unsentBytes: 32_000, isRoundOver: true };
  const { clock, scheduler, times } = schedulerOf([full, full, touching(200), touching(0)]);
  scheduler.appended(events(1));
  clock.pass(16);
  expect(times()).toEqual([0, 8, 16]);
  scheduler.appended(events(1));
  clock.pass(100);
  expect(times()[3]).toBe(25); // the last round cost 8 ms
});

it("[F7] [F8] sends what was left for another turn in that of the next emit, or of its own", () => {
  const partly: Outcome = { touched: 0, unsentBytes: 300, isRoundOver: false };
  const { clock, scheduler, times } = schedulerOf([partly, partly, touching(0)]);
  scheduler.appended(events(1));
  scheduler.appended(events(1));
  expect(times()).toEqual([0, 0]);
  clock.pass(1);
  expect(times()).toEqual([0, 0, 0]);
});

it("[P8] checks again after a while if the memory budget is exhausted, and not at every emit", () => {
  const { clock, scheduler, times } = schedulerOf(["held", "held", touching(0)]);
  scheduler.appended(events(1));
  for (let n = 0; n < 80; n++) scheduler.appended(events(1));
  expect(times()).toEqual([0]);
  clock.pass(200);
  expect(times()).toEqual([0, 50, 100]);
});

it("[L1] reports a flush that throws, and tries again: the events are in the log", () => {
  const broken = new Error("The disk is gone.");
  const { clock, scheduler, times, reports } = schedulerOf([broken, touching(1)]);
  scheduler.appended(events(1));
  clock.pass(200);
  expect([times(), reports]).toEqual([[0, 50], [broken]]);
});

/** Sockets that are sent to in rounds, those first who were sent least. */
class Rounds {
  readonly #clock: ManualClock;
  readonly #msPerSocket: number;
  /** How many events each was sent. */
  readonly #sent: number[];
  #roundTo = 0;
  /** When each event came. */
  readonly cameMs: number[] = [];
  /** How long an event has waited for a socket at most. */
  longestMs = 0;
  /** When the frames of each turn are written, and how long that takes. */
  readonly turns: { readonly atMs: number; readonly tookMs: number }[] = [];

  constructor(clock: ManualClock, sockets: number, msPerSocket: number) {
    this.#clock = clock;
    this.#msPerSocket = msPerSocket;
    this.#sent = Array(sockets).fill(0);
  }

  get isDone(): boolean {
    return this.#sent.every((sent) => sent === this.cameMs.length);
  }

  send(most: number): Outcome {
    const { nowMs } = this.#clock;
    const head = this.cameMs.length;
    let touched = 0;
    let isRoundOver = false;
    while (touched < most && !this.isDone) {
      const least = Math.min(...this.#sent);
      const next = this.#sent.indexOf(least);
      for (const cameMs of this.cameMs.slice(least)) this.longestMs = Math.max(this.longestMs, nowMs - cameMs);
      this.#sent[next] = head;
      touched += 1;
      if (Math.min(...this.#sent) < this.#roundTo) continue;
      this.#roundTo = head;
      isRoundOver = true;
    }
    this.turns.push({ atMs: nowMs, tookMs: touched * this.#msPerSocket });
    return { touched, unsentBytes: this.isDone ? 0 : 300, isRoundOver };
  }
}

it("[F7] [F8] whatever comes when: no event waits beyond its bound for any socket, and sending has at most 8/9 of the time", () => {
  const arrivals = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 4 })), {
    minLength: 1,
    maxLength: 60,
  });
  const sockets = fc.integer({ min: 30, max: 120 });
  const framesPerTurn = fc.integer({ min: 10, max: 150 });
  const speed = fc.double({ min: 0.3, max: 1.2, noNaN: true });
  fc.assert(
    fc.property(arrivals, sockets, framesPerTurn, speed, (gaps, count, framesPerTurn, msPerSocket) => {
      const clock = new ManualClock();
      const rounds = new Rounds(clock, count, msPerSocket);
      const later = (ms: number, act: () => void) => {
        const { atMs = 0, tookMs = 0 } = rounds.turns.at(-1) ?? {};
        clock.after(Math.max(ms, atMs + tookMs - clock.nowMs), act);
      };
      const scheduler = new FlushScheduler((most) => rounds.send(most), {
        later,
        soon: (act) => later(0, act),
        nowMs: () => clock.nowMs,
        report: (_, error) => expect.fail(String(error)),
        hold: (act) => act(),
        costOf: (touched) => touched * msPerSocket,
        framesPerTurn,
      });
      const beganMs = clock.nowMs;
      for (const [ms, came] of gaps) {
        clock.pass(ms);
        for (let n = 0; n < came; n++) rounds.cameMs.push(clock.nowMs);
        scheduler.appended(events(came));
      }
      for (let ms = 0; ms < 2_000 && !rounds.isDone; ms++) clock.pass(1);
      expect(rounds.isDone).toBe(true);
      const roundMs = count * msPerSocket;
      const turns = Math.ceil(count / framesPerTurn) + 1;
      expect(rounds.longestMs).toBeLessThanOrEqual(roundMs + Math.min(2 * roundMs, 200) + 2 * turns + 3); // timers have whole ms
      const sendingMs = rounds.turns.reduce((sum, { tookMs }) => sum + tookMs, 0);
      const allMs = (rounds.turns.at(-1)?.atMs ?? 0) - beganMs;
      expect(sendingMs - roundMs).toBeLessThanOrEqual((allMs * 8) / 9 + 2);
    }),
    { numRuns: 150 },
  );
});
