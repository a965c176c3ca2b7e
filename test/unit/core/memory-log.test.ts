import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { judgeEventLog } from "../../contracts/event-log.ts";

judgeEventLog("MemoryLog", async (judge) => {
  const log = new MemoryLog();
  judge(log, () => log); // memory has no restart of its own
});
