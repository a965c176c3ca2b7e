import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { startCounted, wakesOf } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";
import { median } from "../verdict.ts";

const SOCKETS = 9_000;
/** workerd evicts an idle Durable Object after 10 s. */
const ASLEEP_AFTER_MS = 11_500;

export const wake: Bench = {
  name: "wake",
  question: "How much later does an event reach the last of 9,000 subscribers when the hub has to wake for it?",
  takesSeconds: 55,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const server = await stage.start(startCounted(run.worker, { HEARTBEAT_SECONDS: "0" }));
      run.progress(0, "9,000 subscribers connect");
      const group = await stage.open(server, { count: SOCKETS });
      const emitter = stage.publish(server, emitBody(1, 200), 1);
      const emit = async () => {
        await group.reset();
        const { firstUs } = await emitter.run({ requests: 1 });
        return ((await group.receive(1)).lastUs - firstUs) / 1e3;
      };
      const asleep: number[] = [];
      const awake: number[] = [];
      for (let warmUp = 0; warmUp < 5; warmUp++) await emit();
      for (let round = 0; round < run.rounds; round++) {
        run.progress(0.15 + (0.85 * round) / run.rounds, "falling asleep");
        let before: number;
        do {
          before = wakesOf(server);
          await pause(ASLEEP_AFTER_MS);
        } while (wakesOf(server) > before); // the idle sweep wakes it every 5 minutes
        asleep.push(await emit());
        awake.push(median([await emit(), await emit(), await emit()]));
        const wakes = wakesOf(server) - before;
        if (wakes !== 1) throw new Error(`the hub woke ${wakes} times instead of once`);
      }
      const control = { name: "awake", values: awake };
      const what = "from emit to the last receipt";
      return [{ what, unit: "ms", subject: asleep, control, target: { atMost: 1.5 } }];
    }),
};
