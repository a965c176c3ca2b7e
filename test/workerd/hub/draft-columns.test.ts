import { expect, it } from "vitest";
import { columnsOf, draftsIn } from "../../../src/hub/draft-columns.ts";
import { draftOf } from "../../support/drafts.ts";

it.each([
  ["plain", [{ type: "a" }, { type: "b", data: "é" }]],
  [
    "with what their publisher gave",
    [{ type: "a", id: "1", source: "s", timestamp: "2026-11-21T12:00:00Z" }, { type: "b" }, { type: "c", id: "2" }],
  ],
])("passes drafts %s through RPC unchanged", (_, events) => {
  const drafts = events.map(draftOf);
  expect(draftsIn(structuredClone(columnsOf(drafts)))).toEqual(drafts);
});
