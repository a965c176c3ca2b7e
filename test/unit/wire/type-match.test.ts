import fc from "fast-check";
import { expect, it } from "vitest";
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

it.each([
  ["news_processed", "news_processed", true],
  ["news_processed", "news_processed2", false],
  ["news_*", "news_processed", true],
  ["news_*", "news_", true],
  ["news_*", "news", false],
  ["news_*", "old_news_processed", false],
  ["*_created", "digest_created", true],
  ["com.*.pulse", "com.a.b.pulse", true],
  ["com.*.pulse", "com.pulse", false],
  ["a*b*c", "a-b-b-c", true],
  ["a*b*c", "a-c-b", false],
  ["*", "anything", true],
  ["**", "anything", true],
  ["a.c", "abc", false],
  ["Order *", "Order Completed", true],
  ["Order *", "order completed", false],
  ["日*", "日本", true],
  ["*#Create", "https://example.org/ns#Create", true],
])("[S3] matches %s against %s: %s", (pattern, type, expected) => {
  expect(matchesType(pattern, type)).toBe(expected);
});

it("takes at most pattern × type steps, however many stars a client sends", () => {
  expect(matchesType(`${"a*".repeat(63)}b`, "a".repeat(128))).toBe(false); // exponential, this would not end
});

it("[S3] matches as a regular expression does, where that takes no exponential time", () => {
  const letters = (units: string) => fc.string({ unit: fc.constantFrom(...units), maxLength: 8 });
  fc.assert(
    fc.property(letters("ab*"), letters("ab"), (pattern, type) => {
      return matchesType(pattern, type) === new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(type);
    }),
  );
});
