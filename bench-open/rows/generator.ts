// Measures the load generator itself: if its subscribers were slower than a server, they would be what is measured.
import type { Bench, Finding } from "../bench.ts";
import { startBlaster } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const SOCKETS = 1_000;

export const generator: Bench = {
  name: "generator",
  question: "How many events can the load generator read from a server that only writes prepared bytes?",
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
          const received = await group.receive(frames * events);
          subject.push((received.delivered * 1e6) / (received.lastUs - firstUs));
          cpu = received.cpuMs / received.elapsedMs;
        }
        await group.close();
        return { what, unit: "events per second", subject, note: `subscribers ${Math.round(100 * cpu)} % of a core` };
      };
      return [
        await measure("frames of one event", "frames", 200, 1),
        await measure("frames of 200 events", "v1", 100, 200),
      ];
    }),
};
