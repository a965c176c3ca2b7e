import { expect, it } from "vitest";
import { timeOfDay } from "../../../../src/dashboard/words/time-of-day.ts";

it("shows times in one width, whatever their zone, and other texts as they are", () => {
  expect(timeOfDay("2026-11-21T03:04:05Z")).toMatch(/^\d\d:\d4:05$|^\d\d:\d\d:05$/);
  expect(timeOfDay("2026-11-21T15:04:05+02:00")).toBe(timeOfDay("2026-11-21T13:04:05Z"));
  expect(timeOfDay("yesterday")).toBe("yesterday");
});
