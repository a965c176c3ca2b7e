import type { Bench } from "../bench.ts";
import { fanOut } from "../fan-out.ts";

export const fanoutLegacy: Bench = {
  name: "fanout-legacy",
  question:
    "How fast do single events, posted 8 at a time, reach 1,000 subscribers of the legacy dialect, one frame per event?",
  takesSeconds: 35,
  run: (run) => fanOut({ dialect: "frames", batch: 1, atATime: 8, throughput: { atLeast: 0.9 } }, run),
};
