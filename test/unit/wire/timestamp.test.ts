import { expect, it } from "vitest";
import { parseTimestamp } from "../../../src/wire/timestamp.ts";

it.each([
  "2026-11-21T12:00:00Z",
  "2026-11-21T12:00:00.000Z",
  "2026-11-21T12:00:00.1Z",
  "2026-11-21T12:00:00.123456+00:00",
  "2026-11-21T12:00:00.123456789012345678Z",
  "2026-01-01T00:00:00-11:30",
  "2026-01-01T00:00:00-00:00",
  "2026-12-31T23:59:59+23:59",
  "2016-12-31T23:59:60Z",
  "2016-12-31T15:59:60.5-08:00",
  "2017-01-01T05:29:60+05:30",
  "2024-02-29T00:00:00Z",
  "2000-02-29T00:00:00Z",
  "2026-04-30T00:00:00Z",
  "2026-08-31T00:00:00Z",
  "0000-10-30T19:09:01.0Z",
  "9999-12-31T23:59:59Z",
])("[E5] keeps %s, which is RFC 3339, as it was written", (time) => {
  expect(parseTimestamp(time, "")).toEqual({ ok: true, value: time });
});

it.each([
  ["2020-06-17 12:52:43Z", "2020-06-17T12:52:43Z"], // RFC 3339 allows it, for readability
  ["2020-06-17 12:52:43.123456+00:00", "2020-06-17T12:52:43.123456+00:00"], // Python: str(datetime)
  ["2026-11-21t12:00:00z", "2026-11-21T12:00:00Z"],
  ["2026-11-21T12:00:00.123456", "2026-11-21T12:00:00.123456Z"], // Python: datetime.isoformat()
  ["2026-11-21T12:00Z", "2026-11-21T12:00:00Z"],
  ["2026-11-21T12:00", "2026-11-21T12:00:00Z"],
  ["2026-11-21T12:00+0100", "2026-11-21T12:00:00+01:00"],
  ["2026-12-31T23:59:59+2359", "2026-12-31T23:59:59+23:59"],
  ["2026-11-21 12:00:00.5+00", "2026-11-21T12:00:00.5+00:00"], // PostgreSQL
  ["2026-11-21T12:00:00,123456789+01:00", "2026-11-21T12:00:00.123456789+01:00"], // date -Ins
  ["20261121T120000Z", "2026-11-21T12:00:00Z"],
  ["20261121T120000.25+0530", "2026-11-21T12:00:00.25+05:30"],
  ["20261121T1200", "2026-11-21T12:00:00Z"],
])("[E5] takes %s, and keeps it as RFC 3339: %s", (written, kept) => {
  expect(parseTimestamp(written, "")).toEqual({ ok: true, value: kept });
  expect(parseTimestamp(kept, "")).toEqual({ ok: true, value: kept });
});

it("[E5] takes a valid Date, also one beyond the year 9999 as what it is", () => {
  expect(parseTimestamp(new Date(1), "")).toEqual({ ok: true, value: "1970-01-01T00:00:00.001Z" });
  expect(parseTimestamp(new Date(8.64e15), "").ok).toBe(false);
});

it("[E5] takes an absent one as none", () => {
  expect(parseTimestamp(undefined, "")).toEqual({ ok: true, value: undefined });
});

it.each([
  null,
  new Date(Number.NaN),
  new Map(),
  {},
  true,
  "",
  "yesterday",
  "Sat, 21 Nov 2026 12:00:00 GMT",
  "2026-11-21",
  "20261121",
  "2026-11-21T12Z",
  "2026-11-21  12:00:00Z",
  "2026-11-21_12:00:00Z",
  "2026-11-21 12:00:00 +0000",
  "2026-00-21T12:00:00Z",
  "2026-13-21T12:00:00Z",
  "2026-11-00T12:00:00Z",
  "2026-11-31T12:00:00Z",
  "2026-02-29T12:00:00Z",
  "2026-02-31T12:00:00Z",
  "1900-02-29T12:00:00Z",
  "2024-02-30T12:00:00Z",
  "2026-12-32T12:00:00Z",
  "20260231T120000Z",
  "2026-11-21T24:00:00Z",
  "2026-11-21T12:60:00Z",
  "2026-11-21T12:00:60Z",
  "2026-11-21T23:59:60+01:00",
  "2026-11-21T23:59:61Z",
  "2026-11-21T12:00:00.Z",
  "2026-11-21T12:00:00.1.2Z",
  "2026-11-21T12:00.5Z",
  "2026-11-21T12:00:00+24:00",
  "2026-11-21T12:00:00+00:60",
  "2026-11-21T12:00:00+1:00",
  "2026-11-21T12:00:00\u221201:00",
  "2026-11-21T12:00:00ZZ",
  "26-11-21T12:00:00Z",
  "12026-11-21T12:00:00Z",
  "+02026-11-21T12:00:00Z",
  " 2026-11-21T12:00:00Z",
  "2026-11-21T12:00:00Z\n",
  "\u0662\u0660\u0662\u0666-11-21T12:00:00Z",
  '2026-11-21T12:00:00Z","seq":1,"x":"',
])("[E5] refuses %j, with a pointer", (value) => {
  const problem = { code: "bad_event", pointer: "/2/timestamp", detail: expect.stringContaining('"timestamp"') };
  expect(parseTimestamp(value, "/2")).toMatchObject({ ok: false, problem });
});

it.each([0, 1_795_262_400, 1_795_262_400_000, 1.5, Number.NaN, "1795262400"])(
  "[E5] refuses %j and says why",
  (value) => {
    const problem = { code: "bad_event", pointer: "/timestamp", detail: expect.stringContaining("Unix time") };
    expect(parseTimestamp(value, "")).toMatchObject({ ok: false, problem });
  },
);

it("[M3] names the attribute of a CloudEvent", () => {
  expect(parseTimestamp("yesterday", "/1", "time")).toMatchObject({
    problem: { pointer: "/1/time", detail: expect.stringContaining('"time" must be') },
  });
});
