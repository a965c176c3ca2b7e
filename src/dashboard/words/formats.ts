// Figures and times in the visitor's language, by `Intl`. Figures are exact: nothing is shortened to 1.2k.
import { use } from "react";
import { type Language, LanguageContext } from "./language.ts";

export interface Formats {
  /** A whole number, with separators. */
  count(n: number): string;
  /** To one decimal below 10: a rate. */
  rate(n: number): string;
  /** The time of day; before it the day, where that is not today. An invalid time is shown unchanged. @param iso RFC 3339 */
  time(iso: string): string;
  /** How long ago, such as "5 s ago". @param ms since then */
  ago(ms: number): string;
  bytes(n: number): string;
  ms(n: number): string;
  /** @param n from 0 to 100 */
  percent(n: number): string;
}

const BYTES: Readonly<Record<Language, readonly string[]>> = {
  en: ["B", "KiB", "MiB", "GiB"],
  ru: ["Б", "КиБ", "МиБ", "ГиБ"],
};

const TIME = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

/** What one step of `ago` is at least, in seconds. */
const AGO = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 0],
] as const;

/** @param locale of the figures, such as `en-GB` @param now the present, in Unix time in ms */
export function formatsOf(language: Language, locale: string = language, now: () => number = Date.now): Formats {
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const unit = { style: "unit", unit: "millisecond", unitDisplay: "short" } as const;
  const ms = new Intl.NumberFormat(locale, { ...unit, maximumFractionDigits: 0 });
  const fineMs = new Intl.NumberFormat(locale, { ...unit, minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const ago = new Intl.RelativeTimeFormat(locale, { style: language === "ru" ? "short" : "narrow" });
  const today = new Intl.DateTimeFormat(locale, TIME);
  const thisYear = new Intl.DateTimeFormat(locale, { ...TIME, day: "numeric", month: "short" });
  const ever = new Intl.DateTimeFormat(locale, { ...TIME, day: "numeric", month: "short", year: "numeric" });
  return {
    count: (n) => count.format(n),
    rate: (n) => (n < 10 ? rate : count).format(n),
    time(iso) {
      const at = new Date(iso);
      if (Number.isNaN(at.getTime())) return iso;
      const present = new Date(now());
      if (at.getFullYear() !== present.getFullYear()) return ever.format(at);
      const isToday = at.getMonth() === present.getMonth() && at.getDate() === present.getDate();
      return (isToday ? today : thisYear).format(at);
    },
    ago(elapsedMs) {
      const s = Math.max(0, Math.round(elapsedMs / 1_000)); // the hub's clock may be ahead of this one
      const [name, seconds] = AGO.find(([, atLeast]) => s >= atLeast) ?? AGO[3];
      return ago.format(-Math.floor(s / (seconds || 1)), name);
    },
    bytes(n) {
      const step = n < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(n) / 10));
      return `${rate.format(n / 1024 ** step)} ${BYTES[language][step]}`;
    },
    ms: (n) => (n < 10 ? fineMs : ms).format(n),
    percent: (n) => percent.format(n / 100),
  };
}

const made = new Map<Language, Formats>();

/** Those of the visitor's language, in the visitor's region where the browser names one. */
export function useFormats(): Formats {
  const { language } = use(LanguageContext);
  const known = made.get(language);
  if (known) return known;
  const formats = formatsOf(language, localeOf(language, navigator.languages));
  made.set(language, formats);
  return formats;
}

/** @param preferred as `navigator.languages`, in which Chromium may have what is no tag, such as `en-US@posix` @returns the first of `language` */
export function localeOf(language: Language, preferred: readonly string[]): string {
  const isTag = (tag: string) => tag.toLowerCase().startsWith(language) && isLocale(tag);
  return preferred.find(isTag) ?? language;
}

/** Whether `Intl` takes it. */
export function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
