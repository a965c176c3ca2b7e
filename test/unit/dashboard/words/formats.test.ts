import { expect, it } from "vitest";
import { formatsOf, localeOf } from "../../../../src/dashboard/words/formats.ts";

const at = new Date(2026, 10, 28, 12, 0, 0);
const en = formatsOf("en", "en-GB", () => at.getTime());
const ru = formatsOf("ru", "ru", () => at.getTime());
const iso = (...parts: [number, number, number, number, number, number]) => new Date(...parts).toISOString();
/** `Intl` puts spaces of several kinds. */
const plain = (text: string) => text.replaceAll(/\s/g, " ");

it("[D17] shows the day of a time only where it is not today, and the year where it is not this one", () => {
  expect(en.time(iso(2026, 10, 28, 9, 5, 7))).toBe("09:05:07");
  expect(en.time(iso(2026, 10, 28, 0, 0, 0))).toBe("00:00:00");
  expect(en.time(iso(2026, 10, 27, 23, 59, 59))).toBe("27 Nov, 23:59:59");
  expect(en.time(iso(2025, 10, 28, 9, 5, 7))).toBe("28 Nov 2025, 09:05:07");
  expect(en.time("<b>soon</b>")).toBe("<b>soon</b>");
  expect(ru.time(iso(2026, 10, 27, 23, 59, 59))).toBe("27 нояб., 23:59:59");
});

it("[D17] shows how long ago something was, and nothing as in the future", () => {
  const ago = (ms: number) => [plain(en.ago(ms)), plain(ru.ago(ms))];
  expect(ago(5_000)).toEqual(["5 sec ago", "5 сек. назад"]);
  expect(ago(59_400)).toEqual(["59 sec ago", "59 сек. назад"]);
  expect(ago(60_000)).toEqual(["1 min ago", "1 мин. назад"]);
  expect(ago(2 * 3_600_000 - 1_000)[0]).toBe("1 hr ago");
  expect(ago(3 * 86_400_000)[0]).toBe("3 days ago");
  expect(ago(-5_000)[0]).toBe("0 sec ago");
});

it("[D15] shortens no number", () => {
  expect([en.count(1_878), plain(ru.count(1_234_567))]).toEqual(["1,878", "1 234 567"]);
  expect([en.rate(0.24), en.rate(9.96), en.rate(1_000.4), ru.rate(0.24)]).toEqual(["0.2", "10", "1,000", "0,2"]);
  expect([0, 1_023, 1_536, 5 * 1024 ** 4].map(en.bytes)).toEqual(["0 B", "1,023 B", "1.5 KiB", "5,120 GiB"]);
  expect(plain(ru.bytes(1_536))).toBe("1,5 КиБ");
  expect([en.ms(3.21), en.ms(120.4), ru.ms(3.21)].map(plain)).toEqual(["3.2 ms", "120 ms", "3,2 мс"]);
  expect([en.percent(87), plain(ru.percent(87))]).toEqual(["87%", "87 %"]);
});

it("[D17] takes the visitor's region, and leaves out what is no language tag", () => {
  expect(localeOf("en", ["de", "en-US@posix", "en-GB", "en"])).toBe("en-GB");
  expect(localeOf("ru", ["en-GB"])).toBe("ru");
  expect(localeOf("en", ["en-US@posix"])).toBe("en");
});
