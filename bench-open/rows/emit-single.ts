import type { Bench } from "../bench.ts";
import { emits } from "../emits.ts";

export const emitSingle: Bench = {
  name: "emit-single",
  question: "How many events per second become durable, posted one by one, 16 at a time?",
  takesSeconds: 22,
  run: (run) => emits({ batch: 1, atATime: 16, target: { atLeast: 0.7 } }, run),
};
