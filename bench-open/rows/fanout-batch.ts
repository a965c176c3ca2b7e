import type { Bench } from "../bench.ts";
import { fanOut } from "../fan-out.ts";

export const fanoutBatch: Bench = {
  name: "fanout-batch",
  question: "How fast do batches of 50 events, posted 8 at a time, reach 1,000 v1 subscribers (200 B)?",
  takesSeconds: 60,
  run: (run) =>
    fanOut({ dialect: "v1", batch: 50, atATime: 8, throughput: { atLeast: 30 }, node: { atLeast: 1 } }, run),
};
