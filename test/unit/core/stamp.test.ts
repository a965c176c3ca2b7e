import { expect, it } from "vitest";
import { stamp } from "../../../src/core/log/stamp.ts";
import { draftOf } from "../../support/drafts.ts";

const at = { ms: Date.parse("2026-11-21T12:00:00.000Z"), iso: "2026-11-21T12:00:00.000Z" };

it("[E4] [E5] fills in what the publisher left out", () => {
  const stamped = stamp(draftOf({ type: "a" }), "k3x9", 7, at);
  expect(stamped).toMatchObject({ seq: 7, type: "a", id: "k3x9.7" });
  expect(JSON.parse(stamped.event)).toEqual({
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
    type: "a.b/c:d-e",
    data: [1, null, { "\u2028": '"\\' }],
    source: 'a "quoted" source',
    timestamp: "2018-01-31T01:49:59.650+02:00",
    id: "\n1",
  };
  const stamped = stamp(draftOf(given), "k3x9", 8, at);
  expect(stamped.id).toBe("\n1");
  expect(JSON.parse(stamped.event)).toEqual({ ...given, seq: 8 });
});
