import { expect, it } from "vitest";
import { nearest } from "../../../src/wire/suggest.ts";

const KNOWN = ["channel", "events", "after", "limit", "id"];

it.each([
  ["chanel", "channel"],
  ["Channel", "channel"],
  ["events[]", "events"],
  ["evnets", "events"],
  ["event", "events"],
  ["limits", "limit"],
  ["i-d", "id"],
  ["ids", "id"],
])("takes %j for %j", (name, meant) => {
  expect(nearest(name, KNOWN)).toBe(meant);
});

it.each(["order", "x", "", "chnl9", "é", "channel".repeat(10_000)])("takes %j for nothing", (name) => {
  expect(nearest(name, KNOWN)).toBeUndefined();
});
