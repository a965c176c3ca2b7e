import { expect, it } from "vitest";
import { contentIn, contentOf, digestOf, keyOf } from "../../../src/core/log/fingerprint.ts";
import { stamp } from "../../../src/core/log/stamp.ts";
import { draftOf } from "../../support/drafts.ts";

const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };

it("[I1] identifies an event by its publisher's source and id, and not by an id of the hub", () => {
  expect(keyOf({ source: "a", id: undefined })).toBeNull();
  const keys = [
    ["a", "b"],
    ["ab", ""],
    ["a", "1:b"],
    ["a1", ":b"],
    ["", "ab"],
  ].map(([source = "", id]) => keyOf({ source, id }));
  expect(new Set(keys).size).toBe(keys.length);
});

it.each([
  [{ type: "a" }],
  [{ type: "a", data: { timestamp: "x", text: ',"timestamp":"' }, id: ',"timestamp":"', source: ',"timestamp":"' }],
  [{ type: "a", data: [',"timestamp":"2026"', "\\"], id: "\\", timestamp: "2018-01-31T01:49:59.650Z" }],
])("[I1] finds the content of %j in the log", (event) => {
  const draft = draftOf(event);
  expect(contentIn(stamp(draft, "abc", 7, at).event)).toBe(contentOf(draft));
});

it("[I2] distinguishes events that differ in type, data or source, also by their digest", () => {
  const substances = [
    { type: "a", data: 1 },
    { type: "b", data: 1 },
    { type: "a", data: 2 },
    { type: "a", data: "1" },
    { type: "a", data: [1] },
    { type: "a", data: 1, source: "s" },
  ].map((event) => contentOf(draftOf(event)));
  expect(new Set(substances).size).toBe(6);
  expect(new Set(substances.map(digestOf)).size).toBe(6);
});

it("[I4] has no two equal digests among 200,000 events that differ in one number", () => {
  const digests = new Set<string>();
  for (let n = 0; n < 200_000; n++) digests.add(digestOf(`{"type":"a","data":{"n":${n}},"source":"system"`));
  expect(digests.size).toBe(200_000);
});
