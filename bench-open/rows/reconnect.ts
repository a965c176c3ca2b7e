import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { startBareHub, startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SOCKETS = 1_000;
const MISSED = 200;
/** Frames per socket of the control; as many as Reactor replays would take it 5 s. */
const CONTROL_EVENTS = 64;
const AT_A_TIME = 8;

export const reconnect: Bench = {
  name: "reconnect",
  question: "How fast do 1,000 subscribers that reconnect at once receive the 200 events that each of them missed?",
  takesSeconds: 25,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const reactor = await stage.start(startReactor(run.worker));
      const bare = await stage.start(startBareHub());
      const group = await stage.open(reactor, { count: SOCKETS });
      const bareGroup = await stage.open(bare, { count: SOCKETS });
      const missed = stage.publish(reactor, emitBody(MISSED, 200), 1);
      const singles = stage.publish(bare, emitBody(1, 200), AT_A_TIME);
      const batch = stage.publish(bare, emitBody(CONTROL_EVENTS, 200), 1);
      const deliveries = async (emitter: Emitter, requests: number) => {
        await bareGroup.reset();
        const { firstUs } = await emitter.run({ requests });
        const { delivered, lastUs } = await bareGroup.receive(CONTROL_EVENTS);
        return (delivered * 1e6) / (lastUs - firstUs);
      };
      const replayed: number[] = [];
      const bySingles: number[] = [];
      const byBatch: number[] = [];
      for (let round = -1; round < run.rounds; round++) {
        run.progress((round + 1) / (run.rounds + 1), "reconnecting");
        await group.disconnect();
        await missed.run({ requests: 1 });
        await group.reset();
        const startUs = await group.reconnect();
        const back = await group.receive(MISSED);
        const singly = await deliveries(singles, CONTROL_EVENTS);
        const atOnce = await deliveries(batch, 1);
        if (round < 0) continue; // warms up: the first calls run uncompiled
        replayed.push((back.delivered * 1e6) / (back.lastUs - startUs));
        bySingles.push(singly);
        byBatch.push(atOnce);
      }
      const finding = { what: "events replayed per second, connecting included", unit: "", subject: replayed };
      return [
        { ...finding, control: { name: "bare hub, 8 POSTs at a time", values: bySingles }, target: { atLeast: 4 } },
        { ...finding, control: { name: "bare hub, one POST", values: byBatch } },
      ];
    }),
};
