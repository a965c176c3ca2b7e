import type { Bench } from "../bench.ts";
import { fanOut } from "../fan-out.ts";

export const fanout8: Bench = {
  name: "fanout-8",
  question: "How fast do single events, posted 8 at a time, reach 1,000 v1 subscribers (200 B), and with what latency?",
  takesSeconds: 35,
  run: (run) =>
    fanOut(
      { dialect: "v1", batch: 1, atATime: 8, throughput: { atLeast: 8 }, latency: { atMost: 1 }, node: { atLeast: 1 } },
      run,
    ),
};
