// The timestamp of an event, as its publisher wrote it: RFC 3339 and its near relatives, stored as RFC 3339. It is displayed and
// never computed with, so it stays text, and its zone and precision stay as they are.
import { describeValue } from "./describe-value.ts";
import { isDate, isoOf } from "./json-value.ts";
import { err, ok, type Result } from "./problem.ts";

/**
 * With a space for the `T` (Python, SQL), in lower case, with a comma for the point (GNU date), an offset without its colon or
 * minutes (Python, PostgreSQL), without seconds, without a zone (UTC).
 */
const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** The basic form of ISO 8601: `20261121T120000Z`. */
const BASIC = /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(\d\d)(?:(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;

const LONGEST_MONTHS = new Set([1, 3, 5, 7, 8, 10, 12]);

const EXAMPLE = "RFC 3339 with date and time, such as 2026-11-21T12:00:00Z";

/**
 * @param name of the member, for the detail and the pointer
 * @returns the time as RFC 3339, `undefined` where it is absent, or `bad_event`
 */
export function parseTimestamp(value: unknown, pointer: string, name = "timestamp"): Result<string | undefined> {
  if (value === undefined) return ok(undefined);
  const place = `${pointer}/${name}`;
  if (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value))) {
    const detail = `"${name}" is ${EXAMPLE}, and not a number: convert Unix time with \`new Date(ms).toISOString()\`.`;
    return err("bad_event", detail, place);
  }
  if (isDate(value)) {
    const iso = isoOf(value);
    if (iso === undefined) return err("bad_event", `"${name}" is an invalid Date.`, place);
    value = iso;
  }
  const time = typeof value === "string" ? normalized(value) : undefined;
  if (time !== undefined) return ok(time);
  return err("bad_event", `"${name}" must be ${EXAMPLE}, or absent; this is ${describeValue(value)}.`, place);
}

/** @returns the same time in the one spelling, or `undefined` if it is none */
function normalized(text: string): string | undefined {
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (!parts) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "00", fraction, , sign, ...offset] = parts;
  const [offsetHour = "00", offsetMinute = "00"] = offset;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(offsetHour) > 23 || Number(offsetMinute) > 59)
    return undefined;
  const ahead = (Number(offsetHour) * 60 + Number(offsetMinute)) * (sign === "-" ? -1 : 1);
  if (Number(second) > 59 && !isLeapSecond(Number(second), Number(hour) * 60 + Number(minute) - ahead))
    return undefined;
  const zone = sign === undefined ? "Z" : `${sign}${offsetHour}:${offsetMinute}`;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === undefined ? "" : `.${fraction}`}${zone}`;
}

function isDay(year: number, month: number, day: number): boolean {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (isLeapYear ? 29 : 28) : LONGEST_MONTHS.has(month) ? 31 : 30;
  return month >= 1 && month <= 12 && day >= 1 && day <= days;
}

/** A leap second ends a day of UTC. @param utcMinute of the day, perhaps of the one before or after */
function isLeapSecond(second: number, utcMinute: number): boolean {
  return second === 60 && (utcMinute + 1) % 1_440 === 0;
}
