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
    expect(new Set(plan.map(({ kind }) => kind)).size).toBe(7);
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

test("keeps the stalled subscriber stalled: no kill or eviction meanwhile, and no other fault of its link", () => {
  for (const seed of seeds) {
    const plan = planFaults({ ...options, seconds: 20, seed });
    const [stall] = plan.filter(isKind("stall"));
    if (!stall) throw new Error("no stall");
    const { atMs, lengthMs } = stall;
    const meanwhile = plan.filter((fault) => fault.atMs >= atMs - 500 && fault.atMs < atMs + lengthMs);
    expect(meanwhile.filter(({ kind }) => kind === "kill" || kind === "evict")).toEqual([]);
    expect(plan.some((fault) => "links" in fault && fault.links.includes(0))).toBe(false);
  }
});

test("plans no stall in a run that is too short for it", () => {
  expect(planFaults({ ...options, seconds: 19 }).filter(isKind("stall"))).toEqual([]);
});
