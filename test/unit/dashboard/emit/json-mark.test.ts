import { expect, it } from "vitest";
import { markJson } from "../../../../src/dashboard/emit/json-mark.ts";

it.each(["{}", ' [1, "x"]\n', "null", '"…"'])("[D19] finds nothing wrong with %j", (text) => {
  expect(markJson(text)).toBeNull();
});

it.each([
  ['{"a" 1}', 1, 6, '{"a" ', "1", "}", '":"'],
  ['{\n  "a": 1,\n}', 3, 1, "", "}", "", "a name in double quotes"],
  ['{"a":\n 😀}', 2, 2, " ", "😀", "}", "a value"],
  ['["a\nb"]', 1, 4, '["a', "", "", "control characters to be escaped"],
  ["", 1, 1, "", "", "", "a value"],
  ["[1", 1, 3, "[1", "", "", '"," or "]"'],
])("[D19] marks where %j is wrong", (text, line, column, before, wrong, after, expected) => {
  expect(markJson(text)).toMatchObject({ line, column, before, wrong, after, expected });
});

it("[D19] tells the end of a line from the end of the text", () => {
  expect([markJson('["a\nb"]')?.isEnd, markJson('["a')?.isEnd]).toEqual([false, true]);
});

it("[D19] shows what is near, of a long line", () => {
  const { before, wrong, after, offset } = markJson(`["${"a".repeat(500)}" x${"b".repeat(500)}`) ?? {};
  expect([before, wrong, after, offset]).toEqual([`…${"a".repeat(22)}" `, "x", `${"b".repeat(24)}…`, 504]);
});
