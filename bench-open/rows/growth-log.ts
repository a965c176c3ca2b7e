import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { Side } from "../side.ts";
import { Stage } from "../stage.ts";

const FULL = 1_000_000;
const FILL_BATCH = 1_000;
const AT_A_TIME = 16;
/** No event is deleted. */
const RETENTION = { RETENTION_EVENTS: "10000000", RETENTION_BYTES: String(8 * 2 ** 30) };

export const growthLog: Bench = {
  name: "growth-log",
  question: "What does an emit cost with 1,000,000 events in the log, beside an empty one? (one by one, 16 at a time)",
  takesSeconds: 45,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const sides: Side[] = [];
      for (const fill of [FULL, 0]) {
        const server = await stage.start(startReactor(run.worker, RETENTION));
        const filler = stage.publish(server, emitBody(FILL_BATCH, 200), 4);
        for (let filled = 0; filled < fill; filled += fill / 20) {
          run.progress((0.6 * filled) / fill, "filling a log");
          await filler.run({ requests: fill / 20 / FILL_BATCH });
        }
        sides.push(await Side.open(stage, server, { batch: 1, atATime: AT_A_TIME }));
      }
      for (const side of sides) await side.measure(0.5);
      for (let round = 0; round < run.rounds; round++) {
        run.progress(0.6 + (0.4 * round) / run.rounds, "emitting");
        for (const side of sides) side.rounds.push(await side.measure(run.seconds));
      }
      const costsOf = (side?: Side) => side?.rounds.map(({ serverCpuUs, events }) => serverCpuUs / events) ?? [];
      const [full, empty] = sides;
      return [
        {
          what: "CPU time of workerd",
          unit: "µs per emit",
          subject: costsOf(full),
          control: { name: "empty log", values: costsOf(empty) },
          target: { atMost: 1.25 },
        },
      ];
    }),
};
