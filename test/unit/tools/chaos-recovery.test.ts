// The steps of a recovery, which explain the longest one.
import { expect, test } from "vitest";
import { busyMs, describe, Recoveries, worst } from "../../../tools/chaos/chaos-recovery.ts";

function recoveries() {
  let nowMs = 1_000;
  const of = new Recoveries("subscriber 7", () => nowMs);
  const at = (ms: number, act: () => void) => {
    nowMs = 1_000 + ms;
    act();
  };
  return { of, at };
}

test("reports the longest recovery, from its first fault to the event that ended it", () => {
  const { of, at } = recoveries();
  at(0, () => of.begin("evict"));
  at(5, () => of.end());
  at(10, () => of.begin("cut"));
  at(13, () => of.wait("ended with 1006"));
  at(1_500, () => of.connect());
  at(1_520, () => of.begin("kill"));
  at(3_010, () => of.end());
  at(4_000, () => of.begin("split"));
  at(4_100, () => of.end());
  expect(of.longest.ms).toBe(3_000);
  expect(describe(of.longest)).toBe(
    "subscriber 7: cut, ended with 1006 after 3 ms, connecting after 1,490 ms, kill after 1,510 ms, event after 3,000 ms",
  );
});

test("has no recovery without a fault", () => {
  const { of, at } = recoveries();
  at(0, () => of.note("connected"));
  at(50, () => of.end());
  expect(of.longest).toMatchObject({ ms: 0, steps: [] });
});

test("separates the client's wait, also if it was already waiting at the fault", () => {
  const { of, at } = recoveries();
  at(0, () => of.begin("end of freeze"));
  at(700, () => of.end());
  at(1_000, () => of.wait("ended with 1006"));
  at(1_200, () => of.begin("kill"));
  at(2_000, () => of.connect());
  at(2_010, () => of.wait("given up"));
  at(2_110, () => of.connect());
  at(2_200, () => of.end());
  expect(of.longest).toMatchObject({ ms: 1_000, waitedMs: 900 });
  expect(busyMs(of.busiest)).toBe(700);
});

test("finds the worst of several subscribers", () => {
  const all = ["a", "b", "c"].map((subscriber, n) => ({ subscriber, ms: 10 + n, waitedMs: n * 4, steps: [] }));
  expect(worst(all, ({ ms }) => ms).subscriber).toBe("c");
  expect(worst(all, busyMs).subscriber).toBe("a");
});
