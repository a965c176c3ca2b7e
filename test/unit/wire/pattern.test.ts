import { expect, it } from "vitest";
import { parseAsked, parsePatterns } from "../../../src/wire/pattern.ts";
import { NO_TYPES, TYPES_OF_THE_FIELD } from "../../support/names.ts";

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `type_${index}`);

it.each(["a", "*", "news_*", "a*b*c", "AZaz09_.:/-*", "Order *", "* é", ...TYPES_OF_THE_FIELD])(
  "[S8] takes the pattern %j",
  (pattern) => {
    expect(parsePatterns([pattern])).toEqual({ ok: true, value: [pattern] });
  },
);

it.each([...NO_TYPES, { toString: () => "a" }].map((value) => [value]))(
  "[S8] refuses the pattern %j, and names it",
  (pattern) => {
    expect(parsePatterns(["news_*", pattern])).toMatchObject({
      ok: false,
      problem: { code: "bad_pattern", pointer: "/1" },
    });
  },
);

it("[S8] shows a spelling that would pass", () => {
  expect(parsePatterns([" news_*,\t"])).toMatchObject({
    problem: { detail: expect.stringMatching(/"news_\*_" would pass\.$/) },
  });
});

it("[S8] accepts 64 patterns and refuses 65", () => {
  expect(parsePatterns(numbered(64))).toMatchObject({ ok: true });
  expect(parsePatterns(numbered(65))).toMatchObject({ ok: false, problem: { code: "bad_pattern" } });
});

it("[S8] takes at most four stars in a pattern that a client asks for, and as many as they like in an operator's", () => {
  expect(parseAsked(["a", "*a*b*c*"], "/data/events")).toEqual({ ok: true, value: ["*a*b*c*", "a"] });
  expect(parseAsked(["a", "*a*b*c*d*"], "/data/events")).toEqual({
    ok: false,
    problem: {
      code: "bad_pattern",
      detail: "A pattern has at most 4 *; this one has 5.",
      pointer: "/data/events/1",
    },
  });
  expect(parseAsked(["a b"])).toEqual(parsePatterns(["a b"]));
  expect(parsePatterns(["*a*b*c*d*"])).toMatchObject({ ok: true });
});

it("[S3] reads no patterns as everything", () => {
  expect(parsePatterns([])).toEqual({ ok: true, value: null });
});

it("makes equal sets equal, whatever their order and duplicates, and does not change its argument", () => {
  const asked = ["b", "a", "b"];
  expect(parsePatterns(asked)).toEqual({ ok: true, value: ["a", "b"] });
  expect(asked).toEqual(["b", "a", "b"]);
});
