import { expect, it } from "vitest";
import { isJsonType, isTextType, parseMediaType } from "../../../src/worker/body/media-type.ts";

it.each([
  ["application/json", "application/json", true],
  ["Application/JSON ; Charset=UTF-8", "application/json", true],
  ['application/json;charset="utf-8"', "application/json", true],
  ["text/plain; charset=us-ascii; format=flowed", "text/plain", true],
  ["text/plain; format=flowed; charset=utf8", "text/plain", true],
  ["text/plain; charset=iso-8859-1", "text/plain", false],
  ["application/json; charset=utf-16", "application/json", false],
  ["application/json; charset=", "application/json", false],
  ["", "", true],
])("reads %j", (header, essence, isUtf8) => {
  expect(parseMediaType(header)).toEqual({ essence, isUtf8 });
});

it("recognizes JSON and text", () => {
  for (const type of ["application/json", "text/json", "application/problem+json", "application/vnd.a.b+json"]) {
    expect([type, isJsonType(type)]).toEqual([type, true]);
  }
  for (const type of ["application/x-ndjson", "application/jsonp", "json", "/json", "+json", "application/json-seq"]) {
    expect([type, isJsonType(type)]).toEqual([type, false]);
  }
  for (const type of ["text/plain", "text/csv", "application/xml", "image/svg+xml"]) {
    expect([type, isTextType(type)]).toEqual([type, true]);
  }
  for (const type of ["application/octet-stream", "image/png", "application/xml-dtd", "application/text", ""]) {
    expect([type, isTextType(type)]).toEqual([type, false]);
  }
});
