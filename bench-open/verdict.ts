// From the values of all rounds to the printed verdict.
import type { Finding, Target } from "./bench.ts";

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Verdict {
  readonly subject: Spread;
  readonly control: Spread | null;
  /** The median of the rounds' ratios: a disturbance of both sides of a round does not change it. `null` without a control. */
  readonly ratio: number | null;
  /** `null` without a target. */
  readonly met: boolean | null;
}

export function verdictOf({ subject, control, target }: Finding): Verdict {
  const ratios = control ? subject.map((value, round) => value / (control.values[round] ?? Number.NaN)) : null;
  const ratio = ratios && median(ratios);
  const judged = ratio ?? median(subject);
  return {
    subject: spreadOf(subject),
    control: control ? spreadOf(control.values) : null,
    ratio,
    met: target ? isMet(target, judged) : null,
  };
}

function isMet({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Target, value: number) {
  return value >= atLeast && value <= atMost;
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
