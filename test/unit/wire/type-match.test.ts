import fc from "fast-check";
import { expect, it } from "vitest";
import { matches } from "../../../src/core/access/match.ts";
import { matchesType } from "../../../src/wire/type-match.ts";

it.each([
  ["news_*", "news_", true],
  ["news_*", "new_a", false],
  ["a*a", "a", false],
  ["a*b*c", "abc", true],
  ["a*bc*c", "abc", false],
  ["*", "", true],
  ["a.b*", "axb", false],
])("[K24] matches %j and %j: %s", (pattern, type, isMatch) => {
  expect(matchesType(pattern, type)).toBe(isMatch);
});

it("[K24] matches as the hub does", () => {
  const letters = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
  fc.assert(
    fc.property(
      letters("ab*"),
      letters("ab"),
      (pattern, type) => matchesType(pattern, type) === matches(pattern, type),
    ),
  );
});
