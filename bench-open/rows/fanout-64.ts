import type { Bench } from "../bench.ts";
import { fanOut } from "../fan-out.ts";

export const fanout64: Bench = {
  name: "fanout-64",
  question:
    "How fast do single events, posted 64 at a time, reach 1,000 v1 subscribers (200 B), and with what latency?",
  takesSeconds: 40,
  run: (run) =>
    fanOut(
      {
        dialect: "v1",
        batch: 1,
        atATime: 64,
        throughput: { atLeast: 15 },
        latency: { atMost: 1 },
        node: { atLeast: 1 },
      },
      run,
    ),
};
