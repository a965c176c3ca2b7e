import { expect, it } from "vitest";
import { unsayable } from "../../../src/client/unsayable.ts";
import { jsonOf } from "../../../src/wire/json-value.ts";

const cyclic: Record<string, unknown> = {};
cyclic.self = { again: cyclic };
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

it.each<[string, unknown]>([
  ["plain values", { a: [1, -0, "é", true, null, { b: {} }], "": "x" }],
  ["a member that is undefined", { a: undefined }],
  ["a valid Date", [new Date(0)]],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
  ["one object twice", [cyclic.nothing ?? {}, {}]],
  ["500 levels", nested(500)],
  ["501 levels", nested(501)],
  ["an object in itself", cyclic],
  ["NaN", [1, Number.NaN]],
  ["Infinity", { a: Number.POSITIVE_INFINITY }],
  ["a BigInt", { a: 1n }],
  ["a function", { a: () => 1 }],
  ["a symbol", Symbol("a")],
  ["undefined in a list", [undefined]],
  ["a hole", Array(2)],
  ["a list with members beside its items", "ab".match(/b/)],
  ["a Map", { "a/b~c": new Map() }],
  ["bytes", new Uint8Array(2)],
  ["an invalid Date", [[new Date(Number.NaN)]]],
  ["an object with toJSON", { toJSON: () => 1 }],
  ["a boxed string", new String("a")],
])("[K22] takes and refuses %s as the hub does, at the same place", (what, data) => {
  const written = jsonOf(data, "");
  expect(unsayable(data) === undefined).toBe(written.ok);
  if (!written.ok && written.problem.detail.includes("may hold") && what !== "a hole")
    expect(unsayable(data)).toBe(written.problem.pointer);
});
