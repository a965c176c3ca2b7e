import { expect, it } from "vitest";
import { canonicalJson, contentIn, digestOf, hash53, isSameContent } from "../../../src/core/log/content.ts";
import { draftOf } from "../../support/drafts.ts";
import { stamped } from "../../support/stamped.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
const content = (data: string, type = "a") => ({ type, data });

it.each([
  [{ type: "a" }],
  [{ type: "a", data: { timestamp: "x", text: ',"timestamp":"' }, id: ',"timestamp":"', source: ',"timestamp":"' }],
  [{ type: "a", data: [',"timestamp":"2026"', "\\"], id: "\\", timestamp: "2018-01-31T01:49:59.650Z" }],
  [{ type: "a", data: { data: { data: 1 }, seq: 9 }, id: '"data":2' }],
])("[I1] finds in the log what %j said", (event) => {
  const draft = draftOf(event);
  expect(contentIn(stamped(draft, "abc", 7, at).event)).toEqual({ type: draft.type, data: draft.data });
});

it.each([
  ["1", "1.0"],
  ["1", "1e0"],
  ["100", "1e2"],
  ["100", "1E+2"],
  ["0.001", "1e-3"],
  ["-1.50", "-15e-1"],
  ["0", "-0"],
  ["0", "-0.000e99"],
  ["12345678901234567890", "12345678901234567890.0"],
  ["1e400", "10e399"],
  ['{"a":1,"b":2}', '{"b":2.0,"a":1}'],
  ['{"a":9,"a":1}', '{"a":1}'],
  ['{"__proto__":1,"a":2}', '{"a":2,"__proto__":1}'],
  ['["\\u00e9"]', '["é"]'],
])("[I1] takes %s and %s for the same value", (one, other) => {
  expect(canonicalJson(one)).toBe(canonicalJson(other));
  expect(isSameContent(content(one), content(other))).toBe(true);
  expect(digestOf(content(one))).toBe(digestOf(content(other)));
});

it.each([
  ["1", '"1"'],
  ["1", "[1]"],
  ["1", "-1"],
  ["1", "10"],
  ["0", "null"],
  ["12345678901234567890", "12345678901234567891"],
  ["1e400", "1e401"],
  ["0.1", "0.10000000000000001"],
  ["[1,2]", "[2,1]"],
  ['{"a":1}', '{"a":1,"b":null}'],
  ['{"a":{"b":1}}', '{"a.b":1}'],
  ['{"__proto__":{"a":1}}', "{}"],
  ['"1e0"', "1"],
])("[I2] takes %s and %s for different values", (one, other) => {
  expect(isSameContent(content(one), content(other))).toBe(false);
  expect(digestOf(content(one))).not.toBe(digestOf(content(other)));
});

it("[I1] [I2] compares a number that fills an event in time that grows with its digits, and not with their square", () => {
  const zeros = "0".repeat(400_000); // the square of that takes longer than a test may
  expect(isSameContent(content(`1${zeros}1`), content(`1${zeros}1.0`))).toBe(true);
  expect(isSameContent(content(`1${zeros}1`), content(`1${zeros}2`))).toBe(false);
});

it("[I2] takes one value under two types for different contents", () => {
  expect(isSameContent(content("1"), content("1", "b"))).toBe(false);
  expect(digestOf(content("1"))).not.toBe(digestOf(content("1", "b")));
});

it("[I4] has no two equal hashes among 200,000 texts that differ in one number", () => {
  const hashes = new Set<number>();
  for (let n = 0; n < 200_000; n++) hashes.add(hash53(`6:systemorder-${n}`));
  expect(hashes.size).toBe(200_000);
  for (const hash of hashes) expect(Number.isSafeInteger(hash) && hash > 0).toBe(true);
});
