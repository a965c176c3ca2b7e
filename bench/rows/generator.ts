// The load generator itself: readers that are slower than a server would measure themselves.
import type { Bench, Finding } from "../bench.ts";
import { startBlaster } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SOCKETS = 1_000;

export const generator: Bench = {
  name: "generator",
  question: "How much can the load generator take, from a server that only writes bytes that are ready?",
  takesSeconds: 8,
  run: (run) =>
    Stage.set(async (stage) => {
      const server = await stage.start(startBlaster());
      const measure = async (
        what: string,
        dialect: "v1" | "frames",
        frames: number,
        events: number,
      ): Promise<Finding> => {
        const subject: number[] = [];
        const group = await stage.open(server, { dialect, count: SOCKETS });
        const publisher = stage.publish(
          server,
          { contentType: "text/plain", text: `${frames} ${events}`, events: 1 },
          1,
        );
        let cpu = 0;
        for (let round = 0; round < run.rounds; round++) {
          run.progress(round / run.rounds, what);
          await group.reset();
          const { firstUs } = await publisher.run({ requests: 1 });
          const taken = await group.take(frames * events);
          subject.push((taken.delivered * 1e6) / (taken.lastUs - firstUs));
          cpu = taken.cpuMs / taken.elapsedMs;
        }
        await group.close();
        return { what, unit: "events a second", subject, note: `readers ${Math.round(100 * cpu)} % of a core` };
      };
      return [
        await measure("frames of one event", "frames", 200, 1),
        await measure("frames of 200 events", "v1", 100, 200),
      ];
    }),
};
