import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, test } from "vitest";
import { findingsOf, LOADS, merged } from "../../../bench/against.ts";
import { Latencies } from "../../../bench/load/latencies.ts";
import { BENCHES } from "../../../bench/rows.ts";
import type { Round } from "../../../bench/side.ts";
import { verdictOf } from "../../../bench/verdict.ts";

function roundOf(ms: readonly number[], part: Partial<Round> = {}): Round {
  const latencies = new Latencies();
  for (const each of ms) latencies.add(each * 1e3);
  const others = {
    emitsPerSecond: 1,
    serverCpu: 0.5,
    subscribersCpu: 0.5,
    eventsPerFrame: 1,
    bytesPerDelivery: 0,
    subscribers: 10,
  };
  return { events: 100, perSecond: 1_000, serverCpuUs: 1_000, latencies, ...others, ...part };
}

describe("two builds under one load", () => {
  test("a round's two measurements of a side are merged", () => {
    const round = merged([roundOf([1], { perSecond: 800 }), roundOf([100], { perSecond: 1_000, serverCpuUs: 3_000 })]);
    expect([round.latencies.count, round.events, round.serverCpuUs, round.perSecond]).toEqual([2, 200, 4_000, 900]);
    expect(round.latencies.percentileMs(0.99)).toBeGreaterThan(99);
  });

  test.each([
    ["equal", 1, 1, 1, [null, true, true, true, null]],
    ["slower in the middle", 1.1, 1, 1, [null, false, true, true, null]],
    ["slower at worst", 1, 1.3, 1, [null, true, false, true, null]],
    ["at more CPU per event", 1, 1, 1.1, [null, true, true, false, null]],
  ])("one that is %s is judged by the median of the rounds' ratios", (_, p50, p99, cpu, met) => {
    const builds = [1, p50].map((factor, index) =>
      [10, 20, 30].map((ms) => {
        const [worst, work] = index === 0 ? [1, 1] : [p99, cpu];
        const latencies = [...Array(98).fill(ms * factor), ms * 10 * worst, ms * 10 * worst];
        return roundOf(latencies, { serverCpuUs: 1_000 * ms * work });
      }),
    );
    const [others = [], rounds = []] = builds;
    expect(findingsOf(rounds, others).map((finding) => verdictOf(finding).met)).toEqual(met);
  });

  test("every load that can be compared is that of a bench", () => {
    const names = BENCHES.map(({ name }) => name);
    expect(Object.keys(LOADS).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("npm run bench", () => {
  const folder = mkdtempSync(join(tmpdir(), "bench-against-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const notOurs = join(folder, "worker.js");
  writeFileSync(notOurs, "export default {};\n");
  const built = join(folder, "built.js");
  writeFileSync(built, "class a {} export { a as Hub };\n");

  it.each([
    ["a file that is not there", ["--against", join(folder, "none.js")], /there is no file .*none\.js/],
    ["a Worker without a hub", ["--against", notOurs], /is not a built Worker of this project/],
    ["a bench that has no such load", ["idle", "--against", built], /idle cannot be compared with another build/],
    ["a rate without the bench for it", ["open-20", "--rate", "50"], /open and --rate go together/],
    ["a rate that is none", ["open", "--rate", "many"], /--rate must be a number above 0/],
    ["an unknown bench", ["fanout-9", "--against", built], /there is no bench fanout-9/],
  ])(
    "refuses %s",
    (_, args, message) => {
      const program = join(import.meta.dirname, "../../../bench/run.ts");
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
      expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    },
    60_000,
  );
});
