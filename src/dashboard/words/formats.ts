// Numbers and times in the visitor's language.
import { use, useMemo } from "react";
import { type Language, LanguageContext } from "./language.ts";

export interface Formats {
  count(count: number): string;
  /** A time, with its day where that is not today. An invalid time is shown unchanged. */
  time(iso: string): string;
  /** How long ago. */
  ago(ms: number): string;
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function formatsOf(language: Language): Formats {
  const numbers = new Intl.NumberFormat(language);
  const times = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const days = new Intl.DateTimeFormat(language, { month: "short", day: "numeric" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    count: (count) => numbers.format(count),
    time(iso) {
      const time = new Date(iso);
      if (Number.isNaN(time.getTime())) return iso;
      const isToday = time.toDateString() === new Date().toDateString();
      return isToday ? times.format(time) : `${days.format(time)}, ${times.format(time)}`;
    },
    ago(ms) {
      const [unit, unitMs] = UNITS.find(([, each]) => Math.abs(ms) >= each) ?? ["second", 1_000];
      return relative.format(-Math.trunc(ms / unitMs), unit);
    },
  };
}

export function useFormats(): Formats {
  const language = use(LanguageContext);
  return useMemo(() => formatsOf(language), [language]);
}
