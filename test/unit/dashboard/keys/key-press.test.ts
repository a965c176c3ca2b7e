import { expect, it } from "vitest";
import { keyOf } from "../../../../src/dashboard/keys/key-press.ts";

it.each([
  ["e", "KeyE", "e"],
  ["у", "KeyE", "e"], // Russian
  ["E", "KeyE", "E"],
  ["e", "KeyD", "e"], // Dvorak: what is written on the key counts
  ["?", "Slash", "?"],
  [".", "Slash", "."],
  ["Escape", "Escape", "Escape"],
  ["é", "Digit2", "é"],
])("[D24] reads %j of %s as %j", (key, code, read) => {
  expect(keyOf({ key, code })).toBe(read);
});
