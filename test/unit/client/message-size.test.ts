import { expect, it } from "vitest";
import { fits } from "../../../src/client/connection/message-size.ts";

it("counts a message in bytes: 64 KiB fit, and not one more", () => {
  expect([fits("x".repeat(65_536)), fits("x".repeat(65_537))]).toEqual([true, false]);
  expect([fits("é".repeat(32_768)), fits(`${"é".repeat(32_768)}x`)]).toEqual([true, false]);
});
