import { expect, it } from "vitest";
import { keyIn, keyOf } from "../../../src/core/log/fingerprint.ts";
import { draftOf } from "../../support/drafts.ts";
import { stamped } from "../../support/stamped.ts";

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

it("[I1] finds the key in an event as it is stored", () => {
  const draft = draftOf({ type: "a", source: 'a "quoted" é', id: "\n\ud83d\ude00" });
  expect(keyIn(stamped(draft, "abc", 7, at).event)).toBe(keyOf(draft));
});
