import { expect, it } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { judgeEventLog } from "../../contracts/event-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { stamped } from "../../support/stamped.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

function logOf(store: StoreInMemory): SegmentLog {
  return new SegmentLog(store, { generation: "0", freshEpoch: () => "fresh" });
}

judgeEventLog("SegmentLog over memory", async (judge) => {
  const store = new StoreInMemory();
  judge(logOf(store), () => logOf(store));
});

it("throws at a row that is missing, instead of searching for it for ever", () => {
  const store = new StoreInMemory();
  const log = logOf(store);
  const at = { ms: 0, iso: "2026-11-21T12:00:00.000Z" };
  for (const seq of [1, 2, 3]) {
    log.append([stamped(draftOf({ type: "a", data: "x".repeat(5_000) }), "abc", seq, at)], "abc", 0);
  }
  store.rows = store.rows.slice(0, -1);
  expect(() => [...log.read(0, null)]).toThrow("No segment of the log holds the event 3.");
});
