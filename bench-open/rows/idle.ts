// The hub's constructor reports wakes on workerd's output: a request for the count would itself wake the hub.
import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { alarmsOf, startCounted, wakesOf } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const SOCKETS = 1_000;
const SECONDS = 60;
const PING_EVERY_MS = 25_000;
/** workerd evicts an idle Durable Object after 10 s. */
const ASLEEP_AFTER_MS = 12_000;

export const idle: Bench = {
  name: "idle",
  question: "How many times do 1,000 subscribers that only ping wake a hub in 60 s?",
  takesSeconds: 76,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const silent = await stage.start(startCounted(run.worker, { HEARTBEAT_SECONDS: "0" }));
      const beating = await stage.start(startCounted(run.worker, {}));
      const sides = [];
      for (const server of [silent, beating]) {
        const group = await stage.open(server, { count: SOCKETS });
        await group.ping(PING_EVERY_MS);
        sides.push({ server, group, emitter: stage.publish(server, emitBody(1, 200), 1) });
      }
      await pause(ASLEEP_AFTER_MS);
      for (const { group } of sides) await group.reset();
      const wakesBefore = [silent, beating].map(wakesOf);
      const alarmsBefore = alarmsOf(silent);
      for (let second = 0; second < SECONDS; second++) {
        run.progress(0.2 + (0.8 * second) / SECONDS, "idle");
        await pause(1_000);
      }
      const wakes = [silent, beating].map((server, index) => wakesOf(server) - (wakesBefore[index] ?? 0));
      const alarms = alarmsOf(silent) - alarmsBefore;
      for (const { group, emitter } of sides) {
        const { others } = await group.receive(0);
        const pings = (SOCKETS * SECONDS * 1_000) / PING_EVERY_MS;
        if (others < 0.95 * pings) throw new Error(`${others} of ${pings} pings were answered`);
        await emitter.run({ requests: 1 });
        await group.receive(1); // all are still connected
      }
      const [quiet = 0, withBeat = 0] = wakes;
      await pause(100); // until its output has been read
      if (wakesOf(silent) !== (wakesBefore[0] ?? 0) + quiet + 1) throw new Error("the hub did not sleep");
      const note = `and ${alarms} for the idle sweep, which runs every 5 minutes`;
      return [
        { what: "HEARTBEAT_SECONDS=0", unit: "wakes", subject: [quiet - alarms], target: { atMost: 0 }, note },
        { what: "the default heartbeat", unit: "wakes", subject: [withBeat], target: { atMost: 3 } },
      ];
    }),
};
