import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { startBareHub, startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SOCKETS = 1_000;
const OWED = 200;
/** Frames of the control a socket; as many as are owed would take it 5 s. */
const CONTROL_EVENTS = 64;
const AT_A_TIME = 8;

export const comeback: Bench = {
  name: "comeback",
  question: "How fast are 1,000 readers that come back at once told the 200 events that each has missed?",
  takesSeconds: 25,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const reactor = await stage.start(startReactor(run.worker));
      const bare = await stage.start(startBareHub());
      const group = await stage.open(reactor, { count: SOCKETS });
      const bareGroup = await stage.open(bare, { count: SOCKETS });
      const owed = stage.publish(reactor, emitBody(OWED, 200), 1);
      const singles = stage.publish(bare, emitBody(1, 200), AT_A_TIME);
      const batch = stage.publish(bare, emitBody(CONTROL_EVENTS, 200), 1);
      const deliveries = async (emitter: Emitter, requests: number) => {
        await bareGroup.reset();
        const { firstUs } = await emitter.run({ requests });
        const { delivered, lastUs } = await bareGroup.take(CONTROL_EVENTS);
        return (delivered * 1e6) / (lastUs - firstUs);
      };
      const replayed: number[] = [];
      const bySingles: number[] = [];
      const byBatch: number[] = [];
      for (let round = -1; round < run.rounds; round++) {
        run.progress((round + 1) / (run.rounds + 1), "coming back");
        await group.leave();
        await owed.run({ requests: 1 });
        await group.reset();
        const startUs = await group.comeBack();
        const back = await group.take(OWED);
        const singly = await deliveries(singles, CONTROL_EVENTS);
        const atOnce = await deliveries(batch, 1);
        if (round < 0) continue; // code that is not compiled yet says nothing
        replayed.push((back.delivered * 1e6) / (back.lastUs - startUs));
        bySingles.push(singly);
        byBatch.push(atOnce);
      }
      const replay = { what: "events replayed a second, connecting included", unit: "", subject: replayed };
      return [
        { ...replay, control: { name: "bare hub, 8 POSTs at a time", values: bySingles }, target: { atLeast: 4 } },
        { ...replay, control: { name: "bare hub, one POST", values: byBatch } },
      ];
    }),
};
