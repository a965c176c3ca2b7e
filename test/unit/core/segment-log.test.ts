import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { judgeEventLog } from "../../contracts/event-log.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

judgeEventLog("SegmentLog over memory", async (judge) => {
  const store = new StoreInMemory();
  const open = () => new SegmentLog(store, { generation: "0", freshEpoch: () => "fresh" });
  judge(open(), open);
});
