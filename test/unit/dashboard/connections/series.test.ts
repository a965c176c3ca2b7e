import { expect, it } from "vitest";
import { reportOf } from "../../../../src/dashboard/connections/connections-report.ts";
import { addReading, changesIn, MAX_READINGS, type Reading } from "../../../../src/dashboard/connections/series.ts";

/** @param reads the replays of each object, reading by reading */
function readingsOf(...reads: Record<string, number>[]): readonly Reading[] {
  return reads.reduce<readonly Reading[]>((readings, replays, at) => {
    const objects = Object.entries(replays).map(([object, replays_total]) => ({
      object,
      replays_total,
      closes_total: { 1000: replays_total },
    }));
    return addReading(readings, at, reportOf({ objects }));
  }, []);
}

it("[D23] counts from one reading to the next, of all objects together", () => {
  const changes = changesIn(readingsOf({ hub: 5, eu: 1 }, { hub: 7, eu: 2 }, { hub: 7, eu: 2 }));
  expect(changes.map(({ at, replays, closes, opened }) => [at, replays, closes, opened])).toEqual([
    [1, 3, 3, 0],
    [2, 0, 0, 0],
  ]);
});

it("[D23] counts from 0 for an object that was started again, and not at all for one that was not there", () => {
  const changes = changesIn(readingsOf({ hub: 5 }, { hub: 2, eu: 9 }, { hub: 2, eu: 10 }));
  expect(changes.map(({ replays }) => replays)).toEqual([2, 1]);
});

it("[D23] remembers a bounded number of readings", () => {
  const readings = readingsOf(...Array.from({ length: 200 }, (_, hub) => ({ hub })));
  expect([readings.length, readings.at(-1)?.at]).toEqual([MAX_READINGS, 199]);
});
