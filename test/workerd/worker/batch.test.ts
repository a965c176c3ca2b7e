import { expect, it } from "vitest";
import { parseDraft } from "../../../src/wire/draft.ts";
import {
  checkCount,
  type Drafts,
  draftsOfArray,
  draftsOfLines,
  type ParseItem,
} from "../../../src/worker/body/batch.ts";

/** Keeps the text, so that a test sees which one it was. */
const read: ParseItem = ({ value, text }, pointer) => parseDraft(value, pointer, JSON.stringify(text));
const textsOf = (drafts: Drafts): string[] =>
  drafts.ok ? drafts.value.map(({ data }) => JSON.parse(data)) : [drafts.problem.detail];

it("[H10] takes an event a line, and passes over blank ones", () => {
  for (const ending of ["", "\n", "\r\n", "\n \t\r\n\n"]) {
    const text = `\n {"type":"a"} \r\n\n\t\n{"type":"b"}${ending}`;
    const texts = textsOf(draftsOfLines(text, read));
    expect(texts.map((each) => each.trim())).toEqual(['{"type":"a"}', '{"type":"b"}']);
  }
});

it("[H10] takes no other character for a line's end", () => {
  const text = '{"type":"a","x":"\u2028\u2029\u0085"}';
  expect(textsOf(draftsOfLines(text, read))).toEqual([text]);
});

it.each([
  ['{"type":"a"}\n\n{"type":', "bad_json", undefined, 3, 9],
  ['{"type":"a"}{"type":"b"}', "bad_json", undefined, 1, 13],
  ['{"type":"a"}\n{"type":"b"},\n', "bad_json", undefined, 2, 13],
  ['\n{"type":"a"}\n[{"type":"b"}]', "bad_event", "/1", 3, undefined],
  ['{"type":"a"}\n{"type":"b","id":""}', "bad_event", "/1/id", 2, undefined],
  ['{"type":"a"}\r\n\r\n{"type":"echo"}\r\n', "reserved_type", "/1/type", 3, undefined],
])("[H10] names the line of %j that is wrong", (text, code, pointer, line, column) => {
  const drafts = draftsOfLines(text, read);
  expect(drafts).toMatchObject({ problem: { code, line, ...(pointer && { pointer }), ...(column && { column }) } });
  expect(textsOf(drafts)[0]).toMatch(new RegExp(`\\bline ${line}\\b`, "i"));
});

it("[E6] counts events, not lines", () => {
  const text = `${'\n{"type":"a"}\n'.repeat(1_000)}\n`;
  expect(draftsOfLines(text, read)).toMatchObject({ ok: true, value: { length: 1_000 } });
  expect(draftsOfLines(`${text}{"type":"a"}`, read)).toMatchObject({ problem: { code: "batch_too_large" } });
});

it.each(["", "\n", " \r\n\t\n"])("[H10] refuses %j, which holds no event", (text) => {
  expect(draftsOfLines(text, read)).toMatchObject({ ok: false, problem: { code: "empty_batch" } });
});

it("gives each item of an array its own text", () => {
  const text = ' [ {"type":"a","n":1.0} ,{"type" : "b"}]';
  expect(textsOf(draftsOfArray(JSON.parse(text), text, read))).toEqual(['{"type":"a","n":1.0}', '{"type" : "b"}']);
});

it("[E6] has from 1 to 1,000 events in a request", () => {
  expect([0, 1, 1_000, 1_001].map((count) => checkCount(count).ok)).toEqual([false, true, true, false]);
});
