import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseDraft } from "../../../src/wire/draft.ts";
import { MAX_EVENT_BYTES } from "../../../src/wire/limits.ts";

/** The JSON that is stored for `data`, or the problem. */
function written(data: unknown): string {
  const draft = parseDraft({ type: "a", data }, "/0");
  if (!draft.ok) throw new Error(draft.problem.detail);
  return draft.value.data;
}

function problemOf(data: unknown) {
  const draft = parseDraft({ type: "a", data }, "/0");
  if (draft.ok) throw new Error(`Taken as ${draft.value.data.slice(0, 100)}`);
  return draft.problem;
}

class Money {
  amount = 5;
}

const withExtra = Object.assign([1], { extra: 2 });

it.each<[string, unknown, string?]>([
  ["an instance of Map", new Map([["k", 1]])],
  ["an instance of Set", new Set([1])],
  ["an instance of ArrayBuffer", new ArrayBuffer(1)],
  ["an instance of Uint8Array", new Uint8Array(2)],
  ["an instance of DataView", new DataView(new ArrayBuffer(1))],
  ["an instance of Error", new Error("boom")],
  ["an instance of RangeError", new RangeError("boom")],
  ["an instance of RegExp", /a/],
  ["an instance of Promise", Promise.resolve(1)],
  ["an instance of String", Object("a")],
  ["an instance of Number", Object(1)],
  ["an instance of Boolean", Object(true)],
  ["an instance of BigInt", Object(1n)],
  ["an instance of Money", new Money()],
  ["an instance of Money", Object.assign(new Money(), { toJSON: () => 5 })],
  ["an object of a class", Object.create(Object.create(null))],
  ["an invalid Date", new Date(Number.NaN)],
  ["an invalid Date", Object.create(Date.prototype)],
  ["a function", () => 1],
  ["a function", { toJSON: () => 1 }, "/toJSON"],
  ["a symbol", Symbol("a")],
  ["a BigInt", 1n],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
  ["undefined", [undefined], "/0"],
  ["undefined", Object.assign([1], { 2: 3 }), "/1"],
  ["undefined", new Array(4_000_000_000), "/0"],
  ["an array with members beside its items", withExtra],
  ["an array with members beside its items", "abc".match(/b/)],
])("[E3] refuses %s as data and anywhere in it, with a pointer", (what, value, place = "") => {
  for (const [data, at] of [
    [value, ""],
    [{ a: [0, { "b/c~d": value }] }, "/a/1/b~1c~0d"],
    [[[], { before: {} }, value], "/2"],
  ] as const) {
    const problem = problemOf(data);
    expect(problem).toMatchObject({ code: "bad_event", pointer: `/0/data${at}${place}` });
    expect(problem.detail).toContain(`; this is ${what}.`);
    expect(problem.detail.length).toBeLessThan(200);
  }
});

it("[E3] keeps every JSON value, also -0", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(isDeepStrictEqual(JSON.parse(written(value)), value)).toBe(true); // toStrictEqual takes seconds
    }),
  );
  expect(written([-0, 1e21, 5e-324, "\ud800 \u2028 é"])).toBe('[-0,1e+21,5e-324,"\\ud800 \u2028 é"]');
});

it.each([
  ["members that are undefined", { a: undefined, b: 1, c: { d: undefined }, e: undefined }, '{"b":1,"c":{}}'],
  ["objects without a prototype", Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ["valid Dates, as their ISO text", [new Date(0)], '["1970-01-01T00:00:00.000Z"]'],
  ["a Date by no method of its own", Object.assign(new Date(0), { toJSON: () => 5 }), '"1970-01-01T00:00:00.000Z"'],
  ["members of the name __proto__", JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ["a getter by its value", Object.defineProperty({}, "a", { get: () => 3, enumerable: true }), '{"a":3}'],
  ["an object that occurs twice", Array(2).fill({ a: [] }), '[{"a":[]},{"a":[]}]'],
])("[E3] accepts %s", (_what, data, text) => {
  expect(written(data)).toBe(text);
});

const list: unknown[] = [1];
list.push(list);
const parent = { children: [{ "a/b": {} as unknown }] };
parent.children.push({ "a/b": parent });

it.each([
  ["an array in itself", list, "/1"],
  ["an object in its own member", parent, "/children/1/a~1b"],
  ["an array below another", { list }, "/list/1"],
])("[E3] refuses %s, with a pointer to where it closes", (_what, data, place) => {
  const problem = problemOf(data);
  expect(problem).toMatchObject({ code: "bad_event", pointer: `/0/data${place}` });
  expect(problem.detail).toContain("may not contain itself");
});

it("[E3] refuses a cycle of large objects as a cycle", () => {
  const first: Record<string, unknown> = { text: "x".repeat(1_000) };
  let last = first;
  for (let n = 0; n < 300; n++) last = last.a = { text: "x".repeat(500) };
  last.a = first;
  expect(problemOf(first)).toMatchObject({ code: "bad_event", pointer: `/0/data${"/a".repeat(301)}` });
});

it("[E6] stops at 256 KiB, however large an object is that occurs in many places", () => {
  let wide: unknown[] = [];
  for (let n = 0; n < 100; n++) wide = [wide, wide];
  const omitting = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, undefined]));
  const long = "x".repeat(MAX_EVENT_BYTES);
  for (const data of [wide, Array(50_000).fill(omitting), long, { [long]: 1 }]) {
    expect(problemOf(data)).toMatchObject({ code: "event_too_large", pointer: "/0" });
  }
});
