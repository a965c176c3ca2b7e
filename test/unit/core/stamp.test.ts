import { expect, it } from "vitest";
import { parseDraft } from "../../../src/wire/draft.ts";
import { draftOf } from "../../support/drafts.ts";
import { stamped } from "../../support/stamped.ts";

const at = { ms: Date.parse("2026-11-21T12:00:00.000Z"), iso: "2026-11-21T12:00:00.000Z" };

it("[E4] [E5] fills in what the publisher left out", () => {
  const event = stamped(draftOf({ type: "a" }), "k3x9", 7, at);
  expect(event).toMatchObject({ seq: 7, type: "a", key: null, bytes: event.event.length });
  expect(JSON.parse(event.event)).toEqual({
    type: "a",
    data: {},
    source: "system",
    timestamp: "2026-11-21T12:00:00.000Z",
    id: "k3x9.7",
    seq: 7,
  });
});

it("[E3] [E4] [E5] keeps what the publisher gave", () => {
  const given = {
    type: 'über\\ "a"',
    data: [1, null, "é𝄞", { "\u2028": '"\\' }],
    source: 'a "quoted" source',
    timestamp: "2018-01-31T01:49:59.650+02:00",
    id: "\n1",
  };
  const { event, bytes } = stamped(draftOf(given), "k3x9", 8, at);
  expect(JSON.parse(event)).toEqual({ ...given, seq: 8 });
  expect(bytes).toBe(Buffer.byteLength(event));
});

it("[M4] writes extensions behind seq, and counts their bytes", () => {
  const draft = parseDraft({ type: "a" }, "", undefined, undefined, '"subject":"é","n":5');
  if (!draft.ok) throw new Error("Refused.");
  const { event, bytes } = stamped(draft.value, "k3x9", 8, at);
  expect(event).toMatch(/,"seq":8,"subject":"é","n":5}$/);
  expect(bytes).toBe(Buffer.byteLength(event));
});
