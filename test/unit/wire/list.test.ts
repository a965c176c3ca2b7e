import { expect, it } from "vitest";
import { parseList } from "../../../src/wire/list.ts";

it.each([
  [undefined, []],
  [null, []],
  ["", []],
  [" , ,\t", []],
  ["a", ["a"]],
  [" a ,b c,,d\n", ["a", "b c", "d"]],
  ["a,a", ["a", "a"]],
])("reads the list %j as %j", (text, items) => {
  expect(parseList(text)).toEqual(items);
});
