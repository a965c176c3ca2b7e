import { expect, it } from "vitest";
import { eventIn, permalinkOf } from "../../../../src/dashboard/feed/permalink.ts";
import { cutMiddle } from "../../../../src/dashboard/feed/rows/cut-middle.ts";
import { topTypes } from "../../../../src/dashboard/feed/rows/top-types.ts";
import { typeColor } from "../../../../src/dashboard/feed/rows/type-color.ts";

it.each([
  ["short", 5, "short"],
  ["com.example.created", 9, "com.…ated"],
  ["😀😀😀😀😀😀", 4, "😀😀…😀"],
  ["😀😀", 3, "😀😀"],
])("[D7] cuts %j to %i as %j", (name, most, expected) => {
  expect(cutMiddle(name, most)).toBe(expected);
});

it("[D7] keeps both ends of the longest name", () => {
  expect(cutMiddle(`a${"😀".repeat(300)}z`, 5)).toBe("a😀…😀z");
});

it("[D7] gives a type the same one of eight colours", () => {
  const colors = Array.from({ length: 200 }, (_, n) => typeColor(`type_${n}`));
  expect(typeColor("type_7")).toBe(colors[7]);
  expect([...new Set(colors)].sort()).toEqual(Array.from({ length: 8 }, (_, n) => `type-${n}`));
});

it("[D9] counts the most frequent types, those of equal count by name", () => {
  const types = new Map([
    ["b", 2],
    ["a", 2],
    ["rare", 1],
    ["often", 9],
  ]);
  expect(topTypes(types, 3)).toEqual([
    ["often", 9],
    ["a", 2],
    ["b", 2],
  ]);
  expect(topTypes(new Map(), 3)).toEqual([]);
});

it("[D10] names an event in the address, and reads no other fragment", () => {
  expect(permalinkOf("https://hub.test", "eu", "k3x9.44")).toBe("https://hub.test/live?channel=eu#event=k3x9.44");
  expect(permalinkOf("https://hub.test", null, "k3x9.44")).toBe("https://hub.test/live#event=k3x9.44");
  expect(["#event=k3x9.44", "", "#other", "#event=<b>"].map(eventIn)).toEqual(["k3x9.44", null, null, null]);
});
