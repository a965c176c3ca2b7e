import { expect, it } from "vitest";
import { compact, itemTexts, memberText } from "../../../src/wire/json-text.ts";

it.each([
  ["{}", "{}", 1],
  [" \r\n\t[ 1 ,\n2 ] ", "[1,2]", 1],
  ['{ "a b" : " c\\td " }', '{"a b":" c\\td "}', 1],
  ['"\\u0041\\/\\u00e9\\ud83d\\ude00"', '"A/é😀"', 0],
  ['"\\ud800\\u0000\\"\\\\"', '"\\ud800\\u0000\\"\\\\"', 0],
  ['["\\\\","\\"","\\\\\\""," "]', '["\\\\","\\"","\\\\\\""," "]', 1],
  ["[1e400,-0,1.0,12345678901234567890,0.1E+07]", "[1e400,-0,1.0,12345678901234567890,0.1E+07]", 1],
  ['{"a":1, "a":2, "__proto__": {}}', '{"a":1,"a":2,"__proto__":{}}', 2],
  ["[[],{},[[{}]],[]]", "[[],{},[[{}]],[]]", 4],
  ["null", "null", 0],
])("[E3] compacts %s, with its numbers unchanged", (sent, text, depth) => {
  expect(compact(sent)).toEqual({ text, depth });
  expect(JSON.parse(text)).toStrictEqual(JSON.parse(sent));
});

it("finds the items of an array", () => {
  expect(itemTexts(' [ 1 , "a,]" ,[2, [3]],{"b": "}" } , -1.5e3,null ] ')).toEqual([
    "1",
    '"a,]"',
    "[2, [3]]",
    '{"b": "}" }',
    "-1.5e3",
    "null",
  ]);
  expect(itemTexts("[]")).toEqual([]);
  expect(itemTexts(" [ ] ")).toEqual([]);
});

it.each([
  ['{"data":1}', "1"],
  ['{ "type" : "a" , "data" : { "data" : [ 2 ] } }', '{ "data" : [ 2 ] }'],
  ['{"x":{"data":1}}', undefined],
  ['{"x":"\\"data\\":1","data":"}"}', '"}"'],
  ['{"d\\u0061ta":1}', "1"],
  ['{"data":1,"d\\u0061ta":[2],"dat":3}', "[2]"],
  ['{"a\\\\":"\\\\","data":1e400 }', "1e400"],
  ["{}", undefined],
  [" { } ", undefined],
])("finds the member data of %s, the last of several", (object, text) => {
  expect(memberText(object, "data")).toBe(text);
  if (text !== "1e400") expect(text && JSON.parse(text)).toStrictEqual(JSON.parse(object).data);
});

/** The same numbers on every machine. */
function* lcg(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    yield state;
  }
}

it("finds what JSON.parse finds, in 3,000 documents of any spelling", () => {
  const next = lcg(4);
  const below = (limit: number) => next.next().value % limit;
  const pick = <T>(of: readonly [T, ...T[]]): T => of[below(of.length)] ?? of[0];
  const space = () => pick(["", "", "", " ", "\n", "\r\n\t "]);
  const NAMES = ['""', '"a"', '"d\\u0061ta"', '"data"', '"\\""', '"é ,]}"', '"\\ud800"'] as const;
  const name = () => pick([...NAMES]);
  // No name is a backslash: Node 24 then reads other escaped names as one too (github.com/nodejs/node/issues/63785).
  const string = () => pick([...NAMES, '"\\\\"', '"\\\\\\""']);
  const value = (depth: number): string => {
    const kind = below(depth > 4 ? 3 : 5);
    if (kind === 0) return pick(["0", "-1.5", "1e2", "true", "null"]);
    if (kind <= 2) return string();
    const items = Array.from({ length: below(4) }, () => {
      const item = space() + value(depth + 1) + space();
      return kind === 3 ? item : `${space()}${name()}${space()}:${item}`;
    });
    const inner = items.length > 0 ? items.join(",") : space();
    return kind === 3 ? `[${inner}]` : `{${inner}}`;
  };
  for (let n = 0; n < 3_000; n++) {
    const text = space() + value(0) + space();
    const parsed: unknown = JSON.parse(text);
    const short = compact(text);
    expect(JSON.parse(short.text)).toStrictEqual(parsed);
    expect(short.text.length).toBeGreaterThanOrEqual(JSON.stringify(parsed).length); // duplicate names stay
    if (Array.isArray(parsed)) expect(itemTexts(text).map((item) => JSON.parse(item))).toStrictEqual(parsed);
    else if (typeof parsed === "object" && parsed !== null) {
      for (const [key, member] of Object.entries(parsed)) {
        expect(JSON.parse(memberText(text, key) ?? `["${key} is missing"]`)).toStrictEqual(member);
      }
    }
  }
});

it("takes time linear in the length of the text", () => {
  // Each would take minutes if it were quadratic; the test is that it ends.
  const backslashes = `"${"\\\\".repeat(500_000)}"`;
  expect(compact(backslashes).text).toBe(backslashes);
  const quotes = `["${'\\"'.repeat(500_000)}","${"a".repeat(1_000_000)}"]`;
  expect(itemTexts(quotes)).toHaveLength(2);
  const deep = "[".repeat(500_000) + "]".repeat(500_000);
  expect(compact(deep).depth).toBe(500_000);
  expect(itemTexts(deep)[0]?.length).toBe(999_998);
});
