// What `npm run demo` sends: the real ones all and unchanged, the made-up ones marked and plausible.
import { expect, test } from "vitest";
import { demoEvents } from "../../../tools/demo/demo-events.ts";

const events = [...demoEvents(Number.POSITIVE_INFINITY, "run1")];
const earthquakes = events.filter(({ type }) => type === "event_detected");

test("the demo sends every earthquake under the survey's own id, from a source of this run", () => {
  expect(earthquakes).toHaveLength(1_707);
  expect(new Set(earthquakes.map(({ id }) => id)).size).toBe(1_707);
  expect(new Set(earthquakes.map(({ source }) => source))).toEqual(new Set(["usgs/run1"]));
});

test("every eleventh event of the demo is made up and marked, and each type occurs in turn", () => {
  const madeUp = events.filter((_, index) => index % 11 === 10);
  expect(new Set(madeUp.map(({ source }) => source))).toEqual(new Set(["demo"]));
  expect(madeUp).toHaveLength(events.length - earthquakes.length);
  expect(new Set(madeUp.map(({ type }) => type)).size).toBe(10);
  expect(madeUp.slice(0, 10).map(({ type }) => type)).toEqual(madeUp.slice(10, 20).map(({ type }) => type));
});

test("made-up measures stay between 0 and 1", () => {
  const measures = events.filter(({ type }) => type === "ai_metrics_updated").map(({ data }) => data);
  for (const { credibility, importance } of measures) {
    for (const measure of [credibility, importance]) {
      expect(measure).toBeGreaterThanOrEqual(0);
      expect(measure).toBeLessThanOrEqual(1);
    }
  }
});
