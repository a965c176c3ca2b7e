import { expect, it } from "vitest";
import { type Interest, InterestFilter, matches } from "../../../src/core/access/match.ts";

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
  expect(matches(pattern, type)).toBe(expected);
});

it("takes at most pattern × type steps, however many stars a client sends", () => {
  expect(matches(`${"a*".repeat(63)}b`, "a".repeat(128))).toBe(false); // exponential, this would not end
});

const hears = (interest: Interest, type: string) => new InterestFilter(interest).wanted?.(type) ?? true;

it("[S3] receives what is both subscribed and allowed", () => {
  expect(hears({ asked: null, allowed: null }, "news_processed")).toBe(true);
  expect(hears({ asked: ["news_*", "user_action"], allowed: null }, "user_action")).toBe(true);
  expect(hears({ asked: ["news_*"], allowed: ["digest_*"] }, "news_processed")).toBe(false);
  expect(hears({ asked: null, allowed: ["digest_*"] }, "digest_created")).toBe(true);
  expect(hears({ asked: null, allowed: [] }, "digest_created")).toBe(false);
});

it("[S3] remembers by type what it has matched", () => {
  const filter = new InterestFilter({ asked: ["news_*"], allowed: null });
  const types = ["news_a", "digest_a", "news_a", "digest_a"];
  expect(types.map((type) => filter.wanted?.(type))).toEqual([true, false, true, false]);
  expect([filter.takeCost(), filter.takeCost()]).toEqual([2, 0]);
  expect(new InterestFilter({ asked: null, allowed: null }).wanted).toBeNull();
});
