import { describe, expect, test } from "vitest";
import { Latencies } from "../../../bench/load/latencies.ts";
import { linesOf } from "../../../bench/report.ts";
import { verdictOf } from "../../../bench/verdict.ts";

const finding = { what: "deliveries per second", unit: "", subject: [800, 1_000, 900] };
const control = { name: "bare hub", values: [100, 100, 300] };

describe("a verdict", () => {
  test("is the median of the rounds' ratios, not the ratio of the medians", () => {
    expect(verdictOf({ ...finding, control }).ratio).toBe(8);
  });

  test.each([
    [{ atLeast: 8 }, true],
    [{ atLeast: 8.1 }, false],
    [{ atMost: 8 }, true],
    [{ atMost: 7.9 }, false],
  ])("of a ratio of 8 with the target %o is %o", (target, met) => {
    expect(verdictOf({ ...finding, control, target }).met).toBe(met);
  });

  test("without a control judges the value", () => {
    const verdict = verdictOf({ ...finding, target: { atMost: 900 } });
    expect(verdict).toMatchObject({ met: true, ratio: null, subject: { median: 900, min: 800, max: 1_000 } });
  });

  test("without values is that the target is missed", () => {
    expect(verdictOf({ ...finding, subject: [], target: { atMost: 900 } }).met).toBe(false);
    expect(verdictOf({ ...finding, control: { name: "", values: [] }, target: { atLeast: 1 } }).met).toBe(false);
  });

  test("without a target is neither met nor missed", () => {
    expect(verdictOf({ ...finding, control }).met).toBe(null);
  });
});

test("a line of the report has both medians and spreads, the ratio, the target and whether it is met", () => {
  const [line] = linesOf({ ...finding, control, target: { atLeast: 15 } });
  for (const part of ["900 (800–1,000)", "bare hub 100 (100–300)", "× 8", "target ≥ 15 ×", "MISSED"]) {
    expect(line).toContain(part);
  }
});

describe("latencies", () => {
  test("have percentiles that are right within 1 %", () => {
    const latencies = new Latencies();
    for (let us = 1; us <= 100_000; us++) latencies.add(us);
    expect(latencies.count).toBe(100_000);
    for (const share of [0.01, 0.5, 0.99, 1]) {
      expect(Math.abs(latencies.percentileMs(share) / (share * 100) - 1)).toBeLessThan(0.01);
    }
  });

  test("of which one is very late show it in the last percentile only", () => {
    const latencies = new Latencies();
    for (let count = 0; count < 199; count++) latencies.add(1_000);
    latencies.add(1e9);
    expect(latencies.percentileMs(0.99)).toBeLessThan(1.02);
    expect(latencies.percentileMs(1)).toBeGreaterThan(500_000);
  });

  test("without samples have no percentiles", () => {
    expect(new Latencies().percentileMs(0.5)).toBeNaN();
  });
});
