import { expect, it } from "vitest";
import { figuresOf } from "../../../../src/dashboard/glance/figures.ts";
import { readStats } from "../../../../src/dashboard/glance/hub-stats.ts";

const stats = (taken: number, cursor: string) =>
  readStats({ ws_events_emitted_total: taken, cursor, ws_last_event_ts: 100 });

it("[D15] counts what came since the hub was asked", () => {
  expect(figuresOf(stats(9, "k3x9.9"), "k3x9.1878", 101_000)).toEqual({ taken: 1878, lastEventMs: 101_000, lag: 0 });
});

it("[D15] shows how many events the hub has and the page has not", () => {
  expect(figuresOf(stats(40, "k3x9.40"), "k3x9.35", null)).toEqual({ taken: 40, lastEventMs: 100_000, lag: 5 });
});

it("[D15] does not compare places in different logs", () => {
  expect(figuresOf(stats(40, "k3x9.40"), "q7.99", null)).toMatchObject({ taken: 40, lag: null });
  expect(figuresOf(stats(0, "0.0"), "0.0", null)).toMatchObject({ taken: 0, lag: 0 });
  expect(figuresOf(stats(0, "0.0"), "k3x9.2", null)).toMatchObject({ taken: 2, lag: 0 }); // its first events
  expect(figuresOf(stats(2, "k3x9.2"), "0.0", null)).toMatchObject({ taken: 2, lag: 2 });
});

it("[D15] shows no figure that is not known", () => {
  expect(figuresOf(null, "k3x9.35", null)).toEqual({ taken: null, lastEventMs: null, lag: null });
  expect(figuresOf(null, undefined, 5)).toEqual({ taken: null, lastEventMs: 5, lag: null });
});
