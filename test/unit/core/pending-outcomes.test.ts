// Asynchronous listeners: which are awaited, and how long.
import { describe, expect, it } from "vitest";
import { promiseOf } from "../../../src/core/bus/pending-outcomes.ts";
import { busAlone, settle } from "../../support/bus-alone.ts";

/** A thenable, as of a library or of Workers RPC: the test can call what `then` was given. */
function thenable(kind: "object" | "function" = "object") {
  const calls: [resolve: (value: unknown) => void, reject: (error: unknown) => void][] = [];
  const then = (...call: (typeof calls)[number]) => void calls.push(call);
  const outcome = withThen({ value: then }, kind === "object" ? {} : () => {});
  return { outcome, resolve: (value?: unknown) => calls[0]?.[0](value), reject: (e: unknown) => calls[0]?.[1](e) };
}

function withThen(then: PropertyDescriptor, outcome: object = {}): object {
  // biome-ignore lint/suspicious/noThenProperty: thenables are what is tested
  return Object.defineProperty(outcome, "then", then);
}

describe("a thenable", () => {
  it.each(["object", "function"] as const)("[B4] that is an %s is awaited, and keeps the hub awake", async (kind) => {
    const { bus, awake } = busAlone();
    const { outcome, resolve } = thenable(kind);
    bus.on("a", () => outcome);
    let isDone = false;
    const emitted = bus.emit("a", {}).then(() => {
      isDone = true;
    });
    await settle();
    expect([isDone, awake.size]).toEqual([false, 1]);
    resolve();
    await emitted;
    await settle();
    expect(awake.size).toBe(0);
  });

  it("[B2] is reported when it rejects", async () => {
    const { bus, reports } = busAlone();
    const { outcome, reject } = thenable();
    bus.on("a", () => outcome);
    const emitted = bus.emit("a", {});
    await settle();
    reject(new Error("late"));
    await emitted;
    expect(reports).toEqual(['A listener of "a": Error: late']);
  });

  const reject = (_: unknown, no: (error: Error) => void) => no(new Error("no"));
  it.each([
    [
      "whose then cannot be read",
      {
        get: () =>
          reject(0, (error) => {
            throw error;
          }),
      },
      ["no"],
    ],
    [
      "whose then throws",
      {
        value: () =>
          reject(0, (error) => {
            throw error;
          }),
      },
      ["no"],
    ],
    [
      "that rejects twice",
      {
        value: (_: () => void, no: (error: Error) => void) => {
          reject(0, no);
          reject(0, no);
        },
      },
      ["no"],
    ],
    [
      "that resolves, then rejects",
      {
        value: (yes: () => void, no: (error: Error) => void) => {
          yes();
          reject(0, no);
        },
      },
      [],
    ],
    [
      "that resolves, then throws",
      {
        value: (yes: () => void) => {
          yes();
          throw new Error("no");
        },
      },
      [],
    ],
    ["that rejects with nothing", { value: (_: () => void, no: () => void) => no() }, [undefined]],
  ])("[B2] %s stops no other listener, and is reported at most once", async (_how, then, errors) => {
    const { bus, reports } = busAlone();
    const received: string[] = [];
    bus.on("a", () => withThen(then));
    bus.on("a", () => void received.push("a"));
    await bus.emit("a", {});
    await settle();
    const expected = errors.map((error) => `A listener of "a": ${error === undefined ? error : `Error: ${error}`}`);
    expect([received, reports]).toEqual([["a"], expected]);
  });

  it("[B4] is awaited to its end, also if it resolves with another", async () => {
    const { bus, reports } = busAlone();
    bus.on("a", () => withThen({ value: (yes: (value: unknown) => void) => yes(Promise.reject(new Error("inner"))) }));
    await bus.emit("a", {});
    expect(reports).toEqual(['A listener of "a": Error: inner']);
  });

  it("has its `then` read once, and called as its method", async () => {
    let reads = 0;
    const mine = withThen({
      get() {
        reads += 1;
        return function (this: unknown, yes: (value: unknown) => void) {
          yes(this === mine);
        };
      },
    });
    expect(await promiseOf(mine)).toBe(true);
    expect(reads).toBe(1);
  });

  it.each([
    [undefined],
    [null],
    [0],
    ["then"],
    [true],
    [{}],
    [{ catch: () => {} }],
    [() => {}],
    [withThen({ value: 1 })],
  ])("is not what has no then: %s", (outcome) => expect(promiseOf(outcome)).toBeNull());
});

describe("a listener that never settles", () => {
  const never = () => new Promise(() => {});

  it("[B10] keeps the hub awake, and an emit waiting, for at most 30 s, and is reported", async () => {
    const { bus, awake, reports, clock } = busAlone();
    bus.on("a", never);
    let isDone = false;
    void bus.emit("a", {}).then(() => {
      isDone = true;
    });
    clock.pass(29_999);
    await settle();
    expect([isDone, awake.size, reports]).toEqual([false, 1, []]);
    clock.pass(1);
    await settle();
    expect([isDone, awake.size, clock.pending]).toEqual([true, 0, 0]);
    expect(reports).toEqual([
      'A listener of "a": Error: It took longer than 30 s, or was one of more than 1000 that were pending (1 time).',
    ]);
  });

  it("[B10] is given up at its own time, and reported with those of its name", async () => {
    const { bus, awake, reports, clock } = busAlone();
    bus.on("a", never);
    bus.on("*", () => never());
    bus.emitSync("a", {});
    clock.pass(10_000);
    bus.emitSync("b", {});
    clock.pass(20_000);
    await settle();
    expect([awake.size, reports.length]).toEqual([1, 1]);
    expect(reports[0]).toMatch(/^A listener of "a": .*\(2 times\)\.$/);
    clock.pass(9_999);
    await settle();
    expect(awake.size).toBe(1);
    clock.pass(1);
    await settle();
    expect([awake.size, reports.length, clock.pending]).toEqual([0, 2, 0]);
  });

  it.each([-3_600_000, -20_000, 3_600_000])(
    "[B10] keeps the hub awake for 30 s where the clock is set by %i ms",
    async (byMs) => {
      const { bus, awake, clock, wall } = busAlone();
      bus.on("a", never);
      bus.emitSync("a", {});
      clock.pass(10_000);
      bus.emitSync("a", {});
      clock.pass(1_000);
      wall.aheadMs = byMs;
      clock.pass(19_000);
      await settle();
      expect(awake.size).toBe(1);
      clock.pass(10_000);
      await settle();
      expect(awake.size).toBe(0);
    },
  );

  it("[B2] is reported once more if it rejects after all", async () => {
    const { bus, reports, clock } = busAlone();
    const { outcome, reject } = thenable();
    bus.on("a", () => outcome);
    bus.emitSync("a", {});
    await settle();
    clock.pass(30_000);
    reject(new Error("late"));
    await settle();
    expect(reports).toEqual([expect.stringMatching(/30 s/), 'A listener of "a": Error: late']);
  });

  it("[B10] is one of at most 1,000: of more the oldest are given up, and one report has their number", async () => {
    const { bus, awake, reports, clock } = busAlone();
    bus.on("a", never);
    for (let n = 0; n < 1_200; n++) bus.emitSync("a", {});
    await settle();
    expect([awake.size, reports]).toEqual([1_000, []]);
    clock.pass(30_000);
    await settle();
    expect(awake.size).toBe(0);
    expect(reports).toEqual([expect.stringMatching(/\(1200 times\)/)]);
  });

  it("[B10] is reported also if later ones settle", async () => {
    const { bus, awake, reports, clock } = busAlone();
    const stuck = thenable();
    bus.on("stuck", never);
    bus.on("a", () => stuck.outcome);
    bus.emitSync("stuck", {});
    const later: (() => void)[] = [];
    bus.on("b", () => new Promise<void>((resolve) => later.push(resolve)));
    for (let n = 0; n < 1_000; n++) bus.emitSync("b", {});
    await settle();
    for (const resolve of later) resolve();
    await settle();
    expect([awake.size, clock.pending, reports]).toEqual([0, 0, [expect.stringMatching(/"stuck".*\(1 time\)/)]]);
  });

  it("[B10] leaves no timer behind once all have settled: a timer keeps a hub awake too", async () => {
    const { bus, awake, clock } = busAlone();
    bus.on("a", async () => {});
    await bus.emit("a", {});
    await settle();
    expect([awake.size, clock.pending]).toEqual([0, 0]);
    await bus.emit("a", {});
    expect(clock.pending).toBeLessThanOrEqual(1);
  });
});
