import { expect, it } from "vitest";
import { formatCursor, ORIGIN, parseCursor } from "../../../src/wire/cursor.ts";

it.each([
  ["0.0", { epoch: "0", seq: 0 }],
  ["k3x9.41", { epoch: "k3x9", seq: 41 }],
  ["a.9007199254740991", { epoch: "a", seq: Number.MAX_SAFE_INTEGER }],
  ["0123456789abcdef.1", { epoch: "0123456789abcdef", seq: 1 }],
  ["z.10", { epoch: "z", seq: 10 }],
])("[C1] parses %j, and formats it the same", (text, cursor) => {
  expect(parseCursor(text)).toEqual(cursor);
  expect(formatCursor(cursor)).toBe(text);
});

it.each([
  "",
  ".",
  "k3x9",
  "k3x9.",
  ".41",
  "41",
  "0123456789abcdefg.1",
  "K3X9.41",
  "k3-9.41",
  "k3x9.041",
  "k3x9.00",
  "k3x9.-1",
  "k3x9.+1",
  "k3x9.1.0",
  "k3x9.1e3",
  "k3x9.0x1",
  "k3x9..1",
  "k3x9.9007199254740992",
  "k3x9.10000000000000000",
  " k3x9.41",
  "k3x9.41 ",
  "k3x9.41\n",
  "k3x9.٤",
  "undefined",
])("[C1] refuses %j as a cursor", (text) => {
  expect(parseCursor(text)).toBeUndefined();
});

it("[C2] formats the position before a channel's first event as 0.0", () => {
  expect(formatCursor(ORIGIN)).toBe("0.0");
});
