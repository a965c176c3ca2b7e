// CPU time of workerd, not elapsed time: it is the same on a busy machine.

import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const BATCH = 50;
const FEW = 100;
const MANY = 9_000;

export const growthSockets: Bench = {
  name: "growth-sockets",
  question: "What does a delivery cost with 9,000 subscribers, beside 100? (batches of 50, one at a time)",
  takesSeconds: 35,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const sides = [];
      for (const [count, requests] of [
        [MANY, 5],
        [FEW, 200],
      ] as const) {
        run.progress(sides.length / 10, `${count} subscribers connect`);
        const server = await stage.start(startReactor(run.worker));
        const group = await stage.open(server, { count });
        const emitter = stage.publish(server, emitBody(BATCH, 200), 1);
        sides.push({ count, requests, server, group, emitter, costs: [] as number[] });
      }
      for (let round = -1; round < run.rounds; round++) {
        for (const { count, requests, server, group, emitter, costs } of sides) {
          run.progress(0.2 + (0.8 * (round + 1)) / (run.rounds + 1), `${count} subscribers`);
          const before = cpuUs(server);
          for (let request = 0; request < requests; request++) {
            await group.reset();
            await emitter.run({ requests: 1 });
            await group.receive(BATCH);
          }
          if (round >= 0) costs.push((cpuUs(server) - before) / (requests * BATCH * count));
        }
      }
      const [many, few] = sides;
      return [
        {
          what: "CPU time of workerd",
          unit: "µs per delivery",
          subject: many?.costs ?? [],
          control: { name: `${FEW} subscribers`, values: few?.costs ?? [] },
          target: { atMost: 1.25 },
        },
      ];
    }),
};
