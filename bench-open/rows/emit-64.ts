import type { Bench } from "../bench.ts";
import { emits } from "../emits.ts";

export const emit64: Bench = {
  name: "emit-64",
  question: "How many events per second become durable, posted one by one, 64 at a time?",
  takesSeconds: 22,
  run: (run) => emits({ batch: 1, atATime: 64, target: { atLeast: 0.8 } }, run),
};
