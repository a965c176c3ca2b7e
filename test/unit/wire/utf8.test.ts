import { expect, it } from "vitest";
import { utf8Bytes } from "../../../src/wire/utf8.ts";
import { seeded } from "../../support/manual-ports.ts";

const encodedBytes = (text: string) => new TextEncoder().encode(text).byteLength;

it.each([
  ["", 0],
  ["\u0000\u007f", 2],
  ["\u0080", 2],
  ["\u07ff", 2],
  ["\u0800", 3],
  ["\ud7ff\ue000\uffff", 9],
  ["😀", 4],
  ["👩‍👩‍👧", 18],
  ["\ud83d", 3],
  ["\ude00", 3],
  ["\ude00\ud83d", 6],
  ["\ud83d\ud83d\ude00", 7],
  ["\ud83d\ude00\ude00", 7],
  ["\ud83da", 4],
])("counts %j as %i bytes, as an encoder does", (text, bytes) => {
  expect(utf8Bytes(text)).toBe(bytes);
  expect(encodedBytes(text)).toBe(bytes);
});

it("counts any run of UTF-16 units as an encoder does", () => {
  const random = seeded(41);
  const edges = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff];
  for (let round = 0; round < 2_000; round++) {
    const units = Array.from({ length: Math.floor(random() * 12) }, () => {
      const edge = edges[Math.floor(random() * edges.length)] ?? 0;
      return random() < 0.7 ? edge : Math.floor(random() * 0x10000);
    });
    const text = String.fromCharCode(...units);
    expect(utf8Bytes(text), JSON.stringify(text)).toBe(encodedBytes(text));
  }
});
