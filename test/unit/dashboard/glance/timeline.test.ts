import { expect, it } from "vitest";
import { SPANS, Timeline } from "../../../../src/dashboard/glance/timeline.ts";

const START = 1_796_000_000_000;
const counted = (timeline: Timeline, span: keyof typeof SPANS, nowMs: number) =>
  timeline.steps(span, nowMs).reduce((sum, { events }) => sum + (events ?? 0), 0);

it("[D16] counts each event once in each span, and nothing before the page was opened", () => {
  const timeline = new Timeline(START);
  for (let n = 0; n < 90; n++) timeline.count(START + n * 100);
  const steps = timeline.steps("5m", START + 10_000);
  expect(steps).toHaveLength(300);
  expect(steps.slice(-11).map(({ events }) => events)).toEqual([null, 10, 10, 10, 10, 10, 10, 10, 10, 10, 0]);
  expect(steps.at(-1)?.atMs).toBe(START + 9_000);
  for (const span of ["1h", "6h"] as const) expect(counted(timeline, span, START + SPANS[span] * 2)).toBe(90);
});

it("[D16] forgets what is older than a span, however long the page is open", () => {
  const timeline = new Timeline(START);
  const days = 3 * 86_400_000;
  for (let ms = 0; ms < days; ms += 60_000) timeline.count(START + ms);
  expect(counted(timeline, "5m", START + days)).toBe(5);
  expect(counted(timeline, "1h", START + days)).toBe(60);
  expect(counted(timeline, "6h", START + days)).toBe(360);
  expect(counted(timeline, "6h", START + 2 * days)).toBe(0);
});

it("[D16] keeps the last sample of a step, and does not make one up", () => {
  const timeline = new Timeline(START);
  timeline.sample(START, 3, null);
  timeline.sample(START + 400, 4, 1.5);
  timeline.sample(START + 500, null, 2.5);
  const [before, step, after] = timeline.steps("5m", START + 2_000).slice(-3);
  expect(before).toMatchObject({ clients: null, roundTripMs: null });
  expect(step).toMatchObject({ clients: 4, roundTripMs: 2.5, events: 0 });
  expect(after).toMatchObject({ clients: null, roundTripMs: null });
});

it("[D16] takes the rate over whole seconds", () => {
  const timeline = new Timeline(START);
  for (let n = 0; n < 50; n++) timeline.count(START + n * 20);
  expect(timeline.rate(START + 900)).toBe(0);
  expect(timeline.rate(START + 1_000)).toBe(10);
  expect(timeline.rate(START + 5_999)).toBe(10);
  expect(timeline.rate(START + 6_000)).toBe(0);
});
