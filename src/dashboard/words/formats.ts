// Figures and times in the visitor's language.
import { use, useMemo } from "react";
import { LanguageContext } from "./language.ts";

export interface Formats {
  count(n: number): string;
  /** With its day where it is not today. An invalid time is shown unchanged. */
  time(iso: string): string;
  ago(ms: number): string;
  bytes(n: number): string;
  ms(n: number): string;
  percent(n: number): string;
}

export function useFormats(): Formats {
  const language = use(LanguageContext);
  return useMemo(() => formatsOf(language), [language]);
}

function formatsOf(language: string): Formats {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: "medium", hourCycle: "h23" });
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return {
    count: (n) => number.format(n),
    time(iso) {
      const time = new Date(iso);
      if (Number.isNaN(time.getTime())) return iso;
      const isToday = time.toDateString() === new Date().toDateString();
      return isToday ? clock.format(time) : `${day.format(time)} ${clock.format(time)}`;
    },
    ago: (ms) => relative.format(-Math.round(ms / 1000), "second"),
    bytes: (n) => (n < 1024 ? `${number.format(n)} B` : `${number.format(n / 1024)} KiB`),
    ms: (n) => `${number.format(n)} ms`,
    percent: (n) => `${number.format(n)} %`,
  };
}
