import { expect, it } from "vitest";
import { emitText } from "../../../src/client/emit-text.ts";
import { jsonOf } from "../../../src/wire/json-value.ts";

const cyclic: Record<string, unknown> = {};
cyclic.self = { again: cyclic };
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

it.each<[string, unknown]>([
  ["plain values", { a: [1, "é", true, null, { b: {} }], "": "x" }],
  ["a member that is undefined", { a: undefined }],
  ["a valid Date", [new Date(0)]],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 })],
  ["one object twice", [cyclic.nothing ?? {}, {}]],
  ["500 levels", nested(500)],
  ["an object in itself", cyclic],
  ["NaN", [1, Number.NaN]],
  ["Infinity", { a: Number.POSITIVE_INFINITY }],
  ["a BigInt", { a: 1n }],
  ["a function", { a: () => 1 }],
  ["a symbol", Symbol("a")],
  ["undefined in a list", [undefined]],
  ["a hole", [1, ...Array(1)]],
  ["a list with members beside its items", "ab".match(/b/)],
  ["a Map", { "a b": new Map() }],
  ["bytes", new Uint8Array(2)],
  ["an invalid Date", [[new Date(Number.NaN)]]],
  ["an instance that writes itself", new URL("https://hub.test")],
  ["a boxed string", new String("a")],
])("[K22] takes and refuses %s as the hub does, at the same place", (what, data) => {
  const written = jsonOf(data, "");
  const write = () => JSON.parse(emitText(1, { type: "a", data })).data.data;
  if (written.ok) expect(write()).toEqual(JSON.parse(written.value));
  else
    expect(write).toThrow(
      what === "an object in itself" ? TypeError : `JSON cannot say what is at ${written.problem.pointer}.`,
    );
});
