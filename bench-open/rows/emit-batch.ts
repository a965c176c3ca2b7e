import type { Bench } from "../bench.ts";
import { emits } from "../emits.ts";

export const emitBatch: Bench = {
  name: "emit-batch",
  question: "How many events per second become durable, posted as NDJSON, 1,000 per request, 4 requests at a time?",
  takesSeconds: 22,
  run: (run) => emits({ batch: 1_000, atATime: 4, target: { atLeast: 0.55 } }, run),
};
