import type { Bench, Finding } from "../bench.ts";
import { acknowledged } from "../emits.ts";
import { emitBody } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const FULL = 1_000_000;
const FILL_BATCH = 1_000;
const AT_A_TIME = 16;
/** All of it is kept. */
const RETENTION = { RETENTION_EVENTS: "10000000", RETENTION_BYTES: String(8 * 2 ** 30) };

export const growthLog: Bench = {
  name: "growth-log",
  question: "What does an emit cost with 1,000,000 events in the log, beside an empty one? (one by one, 16 at a time)",
  takesSeconds: 45,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const sides = [];
      for (const fill of [FULL, 0]) {
        const server = await stage.start(startReactor(run.worker, RETENTION));
        const filler = stage.publish(server, emitBody(FILL_BATCH, 200), 4);
        for (let filled = 0; filled < fill; filled += fill / 20) {
          run.progress((0.6 * filled) / fill, "filling a log");
          await filler.run({ requests: fill / 20 / FILL_BATCH });
        }
        sides.push({ server, emitter: stage.publish(server, emitBody(1, 200), AT_A_TIME), costs: [] as number[] });
      }
      for (const { emitter } of sides) await emitter.run({ seconds: 0.5 });
      for (let round = 0; round < run.rounds; round++) {
        run.progress(0.6 + (0.4 * round) / run.rounds, "emitting");
        for (const { server, emitter, costs } of sides) {
          const { perSecond, serverCpu } = await acknowledged(server, emitter, run.seconds);
          costs.push((1e6 * serverCpu) / perSecond);
        }
      }
      const [full, empty] = sides;
      return [
        {
          what: "CPU time of workerd",
          unit: "µs an emit",
          subject: full?.costs ?? [],
          control: { name: "empty log", values: empty?.costs ?? [] },
          target: { atMost: 1.25 },
        },
      ];
    }),
};
