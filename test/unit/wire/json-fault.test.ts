import { expect, it } from "vitest";
import { findFault, parseJson, placeOf } from "../../../src/wire/json-fault.ts";

const isJson = (text: string) => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it.each([
  // what is wrong, and the length of its longest valid prefix
  ["", 0, "a value"],
  [" \n\t\r", 4, "a value"],
  ["x", 0, "a value"],
  ["'a'", 0, "a value"],
  ["\ufeff{}", 0, "a value"],
  ["\u00a0{}", 0, "a value"],
  ["undefined", 0, "a value"],
  ["NaN", 0, "a value"],
  ["+1", 0, "a value"],
  [".5", 0, "a value"],
  ["tru", 3, '"true"'],
  ["nulL", 3, '"null"'],
  ["falsy", 4, '"false"'],
  ["truex", 4, "nothing more"],
  ["{} {}", 3, "nothing more"],
  ["1 2", 2, "nothing more"],
  ["-", 1, "a digit"],
  ["-a", 1, "a digit"],
  ["01", 1, "nothing more"],
  ["-01", 2, "nothing more"],
  ["1.", 2, "a digit"],
  ["1.e5", 2, "a digit"],
  ["1e", 2, "a digit"],
  ["1e+", 3, "a digit"],
  ["1.5.5", 3, "nothing more"],
  ["0x10", 1, "nothing more"],
  ["1_000", 1, "nothing more"],
  ['"', 1, "the string to end"],
  ['"a\\', 3, "the string to end"],
  ['"a\nb"', 2, "control characters to be escaped"],
  ['"a\u0000b"', 2, "control characters to be escaped"],
  ['"a\\x41"', 3, 'one of "\\/bfnrtu'],
  ['"\\u12G4"', 5, "four hexadecimal digits"],
  ['"\\u12', 5, "four hexadecimal digits"],
  ["[", 1, "a value"],
  ["[,]", 1, "a value"],
  ["[1,]", 3, "a value"],
  ["[1 2]", 3, '"," or "]"'],
  ["[1", 2, '"," or "]"'],
  ["[1}", 2, '"," or "]"'],
  ["]", 0, "a value"],
  ["{", 1, "a name in double quotes"],
  ["{a:1}", 1, "a name in double quotes"],
  ["{'a':1}", 1, "a name in double quotes"],
  ['{"a":1,}', 7, "a name in double quotes"],
  ['{"a"}', 4, '":"'],
  ['{"a" 1}', 5, '":"'],
  ['{"a":}', 5, "a value"],
  ['{"a":1', 6, '"," or "}"'],
  ['{"a":1]', 6, '"," or "}"'],
  ['{"a":{"b":[1,{}]}', 17, '"," or "}"'],
  ['[{"a":1},\n// no\n1]', 10, "a value"],
])("finds the first fault of %j", (text, offset, wanted) => {
  expect(isJson(text)).toBe(false);
  expect(findFault(text)).toEqual({ offset, expected: wanted });
});

it.each([
  "null",
  " true ",
  "-0",
  "0.0e-00",
  "1E+400",
  '"\\u00e9\\"\\\\\\/\\b\\f\\n\\r\\t\ud800\u007f\u2028"',
  "[]",
  "[ ]",
  "[[],[[]]]",
  "{}",
  '{ "" : [ 1 , { } , "a" ] , "__proto__" : null }',
  '{"a":1,"a":2}',
])("finds none in %j", (text) => {
  expect(isJson(text)).toBe(true);
  expect(findFault(text)).toBeUndefined();
});

/** The same numbers on every machine. */
function* lcg(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    yield state;
  }
}

it("agrees with JSON.parse on 60,000 texts, cut and modified", () => {
  const next = lcg(2026);
  const below = (limit: number) => next.next().value % limit;
  const seeds = [
    '{"type":"news_processed","data":{"title":"\\u00e9 \\"x\\"","n":[-1.5e-7,0,10]},"id":"1"}',
    '[true,false,null,{"a":{}},[],"\\\\",  12.0 ]\r\n',
    '{"":"","a":[[[{"b":"😀\\ud83d"}]]]}',
  ];
  const letters = ' \n{}[]:,"\\eE+-.0123456789abfnrtu/\u0000\ufeff😀';
  let broken = 0;
  for (let n = 0; n < 60_000; n++) {
    let text = seeds[below(seeds.length)] ?? "";
    for (let edits = 1 + below(3); edits > 0; edits--) {
      const at = below(text.length + 1);
      text = text.slice(0, at) + letters.slice(below(letters.length)).slice(0, below(3)) + text.slice(at + below(3));
    }
    const fault = findFault(text);
    if (isJson(text) !== (fault === undefined)) expect.fail(`They differ about ${JSON.stringify(text)}`);
    if (!fault) continue;
    broken++;
    // The text before the fault has no other fault than its end.
    const before = findFault(text.slice(0, fault.offset));
    if (before && before.offset !== fault.offset) expect.fail(`Not the first in ${JSON.stringify(text)}`);
    // And no continuation would help: the text up to and with the fault is refused at the same position.
    if (fault.offset < text.length) expect(findFault(text.slice(0, fault.offset + 1))?.offset).toBe(fault.offset);
  }
  expect(broken).toBeGreaterThan(30_000);
});

it("reports the position that V8 reports, if V8 reports one", () => {
  for (const text of [
    '{"a":1,}',
    '{"a" 1}',
    "[1 2]",
    '{"a":1',
    '"a\nb"',
    '"\\x"',
    "1.x",
    "-",
    "{} {}",
    '["a"\n,{"b":]',
  ]) {
    const message = (() => {
      try {
        return String(JSON.parse(text));
      } catch (error) {
        return String(error);
      }
    })();
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position !== undefined) expect([text, findFault(text)?.offset]).toEqual([text, Number(position)]);
  }
});

it.each([
  ["[".repeat(1_000_000), 1_000_000],
  ['{"a":'.repeat(500_000), 2_500_000],
  [`${"[".repeat(500_000)}${"]".repeat(499_999)}}`, 999_999],
])("survives any depth of nesting", (text, offset) => {
  expect(findFault(text)?.offset).toBe(offset);
});

it("counts lines and columns from 1", () => {
  expect(placeOf("", 0)).toEqual({ line: 1, column: 1 });
  expect(placeOf("ab", 1)).toEqual({ line: 1, column: 2 });
  expect(placeOf("a\nb", 1)).toEqual({ line: 1, column: 2 });
  expect(placeOf("a\nb", 2)).toEqual({ line: 2, column: 1 });
  expect(placeOf("a\r\n\nbc", 5)).toEqual({ line: 3, column: 2 });
  expect(placeOf("😀x", 2)).toEqual({ line: 1, column: 3 });
});

it("[H11] reports line and column of the first fault, what is expected there, and what was found", () => {
  const text = '{"type":"a",\n  "data": {x}}';
  expect(parseJson(text)).toEqual({
    ok: false,
    problem: {
      code: "bad_json",
      detail: 'This is not JSON: line 2, column 12: expected a name in double quotes, found "x".',
      line: 2,
      column: 12,
    },
  });
  expect(parseJson(text, 40)).toMatchObject({ problem: { line: 41, column: 12 } });
  expect(parseJson("[1")).toMatchObject({ problem: { detail: expect.stringContaining("found the end.") } });
  expect(parseJson("[😀")).toMatchObject({ problem: { detail: expect.stringContaining('found "😀".') } });
  expect(parseJson("[1]")).toEqual({ ok: true, value: [1] });
});
