// The findings of a bench, as lines of text.
import type { Finding, Target } from "./bench.ts";
import { type Spread, verdictOf } from "./verdict.ts";

export function linesOf(finding: Finding): string[] {
  const { what, unit, target, control, note } = finding;
  const verdict = verdictOf(finding);
  const isRatio = verdict.ratio !== null;
  const outcome = verdict.met === null ? "" : verdict.met ? "met" : "MISSED";
  const ratio = verdict.ratio === null ? "" : `× ${figure(verdict.ratio)}`;
  const lines = [
    `  ${what}: ${spread(verdict.subject)} ${unit}`.padEnd(66),
    verdict.control ? `${control?.name} ${spread(verdict.control)}`.padEnd(44) : "",
    [ratio.padEnd(8), targetText(target, isRatio ? "×" : unit), outcome].join("  "),
  ];
  return [lines.join(" ").trimEnd(), ...(note ? [`      ${note}`] : [])];
}

function spread({ median, min, max }: Spread): string {
  return min === max ? figure(median) : `${figure(median)} (${figure(min)}–${figure(max)})`;
}

function targetText(target: Target | undefined, unit: string): string {
  if (target?.atLeast !== undefined) return `target ≥ ${figure(target.atLeast)} ${unit}`;
  if (target?.atMost !== undefined) return `target ≤ ${figure(target.atMost)} ${unit}`;
  return "";
}

/** Three significant digits. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: digits });
}
