// All sides at the same time, their emits a third of an interval apart: the load is too light for one to slow another, and
// a disturbance of the machine hits all of them.
import type { Bench, Finding } from "../bench.ts";
import type { Emitter } from "../load/emitter.ts";
import { emitBody } from "../load/event-body.ts";
import { Latencies } from "../load/latencies.ts";
import type { RemoteGroup } from "../load/load-thread.ts";
import { startBareHub, startReactor } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const SOCKETS = 100;
const EVENTS_PER_SECOND = 10;
/** Of fewer events, the p99 would be the slowest one. */
const SECONDS = 9;

interface Side {
  readonly group: RemoteGroup;
  readonly emitter: Emitter;
  readonly rounds: Latencies[];
}

export const quiet: Bench = {
  name: "quiet",
  question: "What is the latency to 100 v1 subscribers at only 10 events per second?",
  takesSeconds: 34,
  run: (run) =>
    Stage.set(async (stage) => {
      const servers = [
        await stage.start(startReactor(run.worker)),
        await stage.start(startBareHub()),
        await stage.start(startBareHub("bare hub that stores")),
      ];
      const sides: Side[] = [];
      for (const server of servers) {
        const group = await stage.open(server, { count: SOCKETS, sampleEvery: 1 });
        sides.push({ group, emitter: stage.publish(server, emitBody(1, 200), 4), rounds: [] });
      }
      for (const side of sides) await latencies(side, 2);
      for (let round = 0; round < run.rounds; round++) {
        run.progress(0.1 + (0.9 * round) / run.rounds, `round ${round + 1}`);
        const measuring = sides.map(async (side, index) => {
          await pause((index * 1_000) / EVENTS_PER_SECOND / sides.length);
          side.rounds.push(await latencies(side, SECONDS));
        });
        await Promise.all(measuring);
      }
      const compare = (share: number, atMost: number): Finding[] => {
        const [subject = [], ...others] = sides.map(({ rounds }) => rounds.map((round) => round.percentileMs(share)));
        const what = `p${share * 100} from emit to receipt`;
        return others.map((values, index) => ({
          what,
          unit: "ms",
          subject,
          control: { name: servers[index + 1]?.name ?? "", values },
          ...(index === 0 && { target: { atMost } }),
        }));
      };
      return [...compare(0.5, 1.2), ...compare(0.99, 1.5)];
    }),
};

async function latencies({ group, emitter }: Side, seconds: number): Promise<Latencies> {
  await group.reset();
  const { events } = await emitter.runPaced(EVENTS_PER_SECOND, seconds);
  return new Latencies((await group.receive(events)).latencies);
}
