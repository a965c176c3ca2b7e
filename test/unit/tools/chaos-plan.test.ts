// The faults of a run of chaos are known before it starts.
import { expect, test } from "vitest";
import { type ChaosOptions, type Fault, planFaults } from "../../../tools/chaos/chaos-plan.ts";

const options: ChaosOptions = {
  clients: 50,
  events: 1e9,
  kills: 6,
  cuts: 60,
  aborts: 6,
  storms: 1,
  clocks: 4,
  disks: 2,
  herds: 1,
  seconds: 60,
  seed: 1,
};
const HUB: Fault["kind"][] = ["kill", "evict", "abort", "reset storm", "clock", "full disk", "herd"];
const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const isKind =
  <K extends Fault["kind"]>(kind: K) =>
  (fault: Fault): fault is Extract<Fault, { kind: K }> =>
    fault.kind === kind;

test("the same seed plans the same faults, another seed others", () => {
  expect(planFaults(options)).toEqual(planFaults(options));
  expect(planFaults({ ...options, seed: 2 })).not.toEqual(planFaults(options));
});

test("plans as many kills and cuts as requested, every kind, in order of time, and none at the end", () => {
  for (const seed of seeds) {
    const plan = planFaults({ ...options, seed });
    expect(plan.filter(isKind("kill"))).toHaveLength(6);
    expect(plan.filter(isKind("cut"))).toHaveLength(60);
    expect(new Set(plan.map(({ kind }) => kind)).size).toBe(12);
    const times = plan.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every((atMs) => atMs > 0 && atMs < 52_000)).toBe(true);
  }
});

test("hits at least one link, and only existing ones", () => {
  for (const seed of seeds) {
    for (const fault of planFaults({ ...options, clients: 2, seed })) {
      if (!("links" in fault)) continue;
      expect(fault.links.length).toBeGreaterThan(0);
      expect(fault.links.every((link) => link >= 1 && link < 4)).toBe(true);
    }
  }
});

test("keeps the stalled subscriber stalled: no fault of the hub meanwhile, and no other fault of its link", () => {
  for (const seed of seeds) {
    const plan = planFaults({ ...options, seconds: 20, seed });
    const [stall] = plan.filter(isKind("stall"));
    if (!stall) throw new Error("no stall");
    const { atMs, lengthMs } = stall;
    const meanwhile = plan.filter((fault) => fault.atMs >= atMs - 500 && fault.atMs < atMs + lengthMs);
    expect(meanwhile.filter(({ kind }) => HUB.includes(kind))).toEqual([]);
    expect(plan.some((fault) => "links" in fault && fault.links.includes(0))).toBe(false);
  }
});

test("plans no stall in a run that is too short for it", () => {
  expect(planFaults({ ...options, seconds: 19 }).filter(isKind("stall"))).toEqual([]);
});

test("plans each fault of the hub as often as requested, and none of them where none is", () => {
  const none = { aborts: 0, storms: 0, clocks: 0, disks: 0, herds: 0 };
  const kinds = ["abort", "reset storm", "clock", "full disk", "herd"] as const;
  const counts = (plan: Fault[]) => kinds.map((kind) => plan.filter(isKind(kind)).length);
  for (const seed of seeds) {
    expect(counts(planFaults({ ...options, seed }))).toEqual([6, 1, 4, 2, 1]);
    expect(counts(planFaults({ ...options, ...none, seed }))).toEqual([0, 0, 0, 0, 0]);
  }
});

test("sets the clock forward and back, never so far that retention deletes what the checker expects", () => {
  for (const seed of seeds) {
    const steps = planFaults({ ...options, clocks: 9, seed }).filter(isKind("clock"));
    expect(steps.some(({ stepMs }) => stepMs > 0) && steps.some(({ stepMs }) => stepMs < 0)).toBe(true);
    let aheadMs = 0;
    for (const { stepMs } of steps) {
      aheadMs += stepMs;
      expect(Math.abs(aheadMs)).toBeLessThan(2 * 3_600_000);
    }
  }
});

test("leaves a full disk some room or none, by turns, and takes it back before the stall and the end", () => {
  for (const seed of seeds) {
    const plan = planFaults({ ...options, seed });
    const stallAtMs = plan.find(isKind("stall"))?.atMs ?? 0;
    const disks = plan.filter(isKind("full disk"));
    expect(disks.map(({ leftBytes }) => leftBytes).toSorted()).toEqual([0, 65_536]);
    for (const { atMs, lengthMs } of disks) {
      expect(lengthMs).toBeGreaterThan(1_000);
      expect(atMs + lengthMs).toBeLessThan(atMs < stallAtMs ? stallAtMs : 60_000);
    }
  }
});
