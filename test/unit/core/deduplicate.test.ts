import { expect, it } from "vitest";
import { deduplicate as deduplicateBatches } from "../../../src/core/log/deduplicate.ts";
import type { KnownEvent } from "../../../src/core/log/event-log.ts";
import { receiptOf } from "../../../src/core/log/receipt.ts";
import type { Draft } from "../../../src/wire/draft.ts";
import { draftOf } from "../../support/drafts.ts";

const named = (id: string, data: unknown = 0, type = "a") => draftOf({ type, id, source: "s", data });
const nothing = () => undefined;

/** Deduplicates a single batch. */
function deduplicate(drafts: readonly Draft[], findKey: (key: string) => KnownEvent | undefined, next: number) {
  const [batch] = deduplicateBatches([drafts], findKey, next);
  if (!batch) throw new Error("One batch has one result.");
  if (!batch.ok) return batch;
  const places = receiptOf(batch.value, "abc").events.map(({ seq, duplicate }) => ({ seq, duplicate }));
  return { ok: true as const, value: { fresh: batch.value.fresh, places } };
}

it("[I3] accepts the first of equal events in a batch, and names it in the receipts of the others", () => {
  const drafts = [named("1"), named("2"), named("1"), draftOf({ type: "a" }), named("2")];
  const sorted = deduplicate(drafts, nothing, 8);
  expect(sorted).toEqual({
    ok: true,
    value: {
      fresh: [drafts[0], drafts[1], drafts[3]],
      places: [
        { seq: 8, duplicate: false },
        { seq: 9, duplicate: false },
        { seq: 8, duplicate: true },
        { seq: 10, duplicate: false },
        { seq: 9, duplicate: true },
      ],
    },
  });
});

it("[I2] [I3] refuses a batch in which two different events have one id", () => {
  for (const other of [named("1", 1), named("1", 0, "b")]) {
    expect(deduplicate([named("1"), other], nothing, 1)).toMatchObject({
      ok: false,
      problem: { code: "id_conflict", pointer: "/1/id" },
    });
  }
});

it("[I1] looks up earlier events only if a publisher gave an id", () => {
  const asked: string[] = [];
  const findKey = (key: string) => {
    asked.push(key);
    return { seq: 3, is: ({ data }: { data: string }) => data === "0" };
  };
  const sorted = deduplicate([draftOf({ type: "a" }), named("1")], findKey, 9);
  expect(sorted.ok && sorted.value.places).toEqual([
    { seq: 9, duplicate: false },
    { seq: 3, duplicate: true },
  ]);
  expect(asked).toEqual(["1:s1"]);
});
