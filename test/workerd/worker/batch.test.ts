import { expect, it } from "vitest";
import { checkCount, type Items, itemsOfJson, itemsOfLines } from "../../../src/worker/body/batch.ts";
import { type Drafts, readDrafts } from "../../../src/worker/body/parse-drafts.ts";

/** The text of each item, or the detail of the problem. */
const textsOf = (items: Items): string[] =>
  Array.from(items, (item) => (item.ok ? item.value.text : item.problem.detail));

function draftsOfLines(text: string): Promise<Drafts> {
  const headers = { "Content-Type": "application/x-ndjson" };
  return readDrafts(new Request("http://hub.test/", { method: "POST", headers, body: new TextEncoder().encode(text) }));
}

it("[H10] accepts one event per line, and skips blank lines", () => {
  for (const ending of ["", "\n", "\r\n", "\n \t\r\n\n"]) {
    const text = `\n {"type":"a"} \r\n\n\t\n{"type":"b"}${ending}`;
    const texts = textsOf(itemsOfLines(text));
    expect(texts.map((each) => each.trim())).toEqual(['{"type":"a"}', '{"type":"b"}']);
  }
});

it("[H10] treats no other character as the end of a line", () => {
  const text = '{"type":"a","x":"\u2028\u2029\u0085"}';
  expect(textsOf(itemsOfLines(text))).toEqual([text]);
});

it.each([
  ['{"type":"a"}\n\n{"type":', "bad_json", undefined, 3, 9],
  ['{"type":"a"}{"type":"b"}', "bad_json", undefined, 1, 13],
  ['{"type":"a"}\n{"type":"b"},\n', "bad_json", undefined, 2, 13],
  ['\n{"type":"a"}\n[{"type":"b"}]', "bad_event", "/1", 3, undefined],
  ['{"type":"a"}\n{"type":"b","id":""}', "bad_event", "/1/id", 2, undefined],
  ['{"type":"a"}\r\n\r\n{"type":"echo"}\r\n', "reserved_type", "/1/type", 3, undefined],
])("[H10] names the line of %j that is wrong", async (text, code, pointer, line, column) => {
  const detail = expect.stringMatching(new RegExp(`\\bline ${line}\\b`, "i"));
  expect(await draftsOfLines(text)).toMatchObject({
    problem: { code, detail, line, ...(pointer && { pointer }), ...(column && { column }) },
  });
});

it("[H10] names the first event that is wrong, whether or not a later line is JSON", async () => {
  expect(await draftsOfLines('{"type":"echo"}\n{')).toMatchObject({ problem: { code: "reserved_type", line: 1 } });
});

it("[E6] counts events, not lines", async () => {
  const text = `${'\n{"type":"a"}\n'.repeat(1_000)}\n`;
  expect(await draftsOfLines(text)).toMatchObject({ ok: true, value: { length: 1_000 } });
  expect(await draftsOfLines(`${text}{"type":"a"}`)).toMatchObject({ problem: { code: "batch_too_large" } });
});

it.each(["", "\n", " \r\n\t\n"])("[H10] refuses %j, which holds no event", async (text) => {
  expect(await draftsOfLines(text)).toMatchObject({ ok: false, problem: { code: "empty_batch" } });
});

it("gives each item of an array its own text", () => {
  const text = ' [ {"type":"a","n":1.0} ,{"type" : "b"}]';
  expect(textsOf(itemsOfJson(text, "either"))).toEqual(['{"type":"a","n":1.0}', '{"type" : "b"}']);
});

it("[E6] accepts 1 to 1,000 events per request", () => {
  expect([0, 1, 1_000, 1_001].map((count) => checkCount(count).ok)).toEqual([false, true, true, false]);
});
