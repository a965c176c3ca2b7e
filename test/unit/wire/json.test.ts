import { expect, it } from "vitest";
import { asObject, parseObject } from "../../../src/wire/json.ts";

it("reads an object, with the members that it has and no others", () => {
  expect(parseObject(' {"a":[1]} ')).toStrictEqual({ a: [1] });
  expect(parseObject("{}")).toStrictEqual({});
  expect(parseObject('{"__proto__":{"a":1}}')?.a).toBeUndefined();
});

it.each(["", "{", "{} {}", "undefined", "null", "true", "1", '"{}"', "[]", '[{"a":1}]'])(
  "takes %j for no object",
  (text) => {
    expect(parseObject(text)).toBeUndefined();
  },
);

it.each([undefined, null, false, 0, "", "text", [], [{}]].map((value) => [value]))(
  "takes the value %j for no object",
  (value) => {
    expect(asObject(value)).toBeUndefined();
  },
);
