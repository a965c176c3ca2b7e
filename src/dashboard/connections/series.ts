// The hub's totals over time, as far as this page has read them.
import { type ObjectReport, totalOf } from "./connections-report.ts";

export const SERIES = ["opened", "closes", "refusals", "resets", "replays"] as const;

export type SeriesName = (typeof SERIES)[number];

export type Totals = Readonly<Record<SeriesName, number>>;

export interface Reading {
  /** Unix time in ms. */
  readonly at: number;
  /** By object: each counts for itself, from when it was started. */
  readonly totals: ReadonlyMap<string, Totals>;
}

/** Bounds the memory of a page that is open for weeks. */
export const MAX_READINGS = 40;

export function addReading(
  readings: readonly Reading[],
  at: number,
  report: readonly ObjectReport[],
): readonly Reading[] {
  const totals = new Map(report.map((each) => [each.object, totalsOf(each)]));
  return [...readings.slice(1 - MAX_READINGS), { at, totals }];
}

/** What each reading but the first counts since the one before it. */
export function changesIn(readings: readonly Reading[]): readonly (Totals & { readonly at: number })[] {
  return readings.slice(1).map(({ at, totals }, index) => {
    const before = readings[index]?.totals;
    const changeOf = (name: SeriesName) =>
      sum([...totals].map(([object, now]) => increase(before?.get(object)?.[name], now[name])));
    return { at, ...byName(changeOf) };
  });
}

/** An object that was started meanwhile counts from 0 again; one that was not there before has no "since". */
function increase(before: number | undefined, now: number): number {
  if (before === undefined) return 0;
  return now < before ? now : now - before;
}

function totalsOf(report: ObjectReport): Totals {
  return byName((name) => (name === "replays" ? report.replays : totalOf(report[name])) ?? 0);
}

function byName(figure: (name: SeriesName) => number): Totals {
  return {
    opened: figure("opened"),
    closes: figure("closes"),
    refusals: figure("refusals"),
    resets: figure("resets"),
    replays: figure("replays"),
  };
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
