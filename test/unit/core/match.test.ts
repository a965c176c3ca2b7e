import { expect, it } from "vitest";
import { type Interest, InterestFilter } from "../../../src/core/access/match.ts";

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
