import { expect, it } from "vitest";
import { columnsOf, draftsIn } from "../../../src/hub/draft-columns.ts";
import { parseDraft } from "../../../src/wire/draft.ts";
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

it("[M4] passes extensions of CloudEvents through RPC unchanged", () => {
  const extended = parseDraft({ type: "a" }, "", undefined, undefined, '"subject":"s"');
  const drafts = [draftOf({ type: "b" }), ...(extended.ok ? [extended.value] : [])];
  expect(drafts.map(({ extensions }) => extensions)).toEqual(["", '"subject":"s"']);
  expect(draftsIn(structuredClone(columnsOf(drafts)))).toEqual(drafts);
});
