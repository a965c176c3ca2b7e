import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding } from "../bench.ts";
import { emitBody } from "../load/event-body.ts";
import { startReactor } from "../servers/start.ts";
import { pause, Stage } from "../stage.ts";

const SOCKETS = 9_000;
const DISTINCT = [1, 10, 1_000, 9_000];
const EVENTS = 5;

interface Flush {
  readonly cpuMs: number;
  readonly lastMs: number;
}

export const subscriptions: Bench = {
  name: "subscriptions",
  question: "What does it cost to send 9,000 subscribers an event with 1, 10, 1,000 or 9,000 distinct subscriptions?",
  takesSeconds: 45,
  run: (run) =>
    Stage.set(async (stage) => {
      const server = await stage.start(startReactor(run.worker, { HEARTBEAT_SECONDS: "0" }));
      run.progress(0, "9,000 subscribers connect");
      const group = await stage.open(server, { count: SOCKETS, receivesAll: false });
      const emitter = stage.publish(server, emitBody(1, 200), 1);

      const subscribe = async (different: number) => {
        await group.reset();
        await group.send('{"type":"subscribe","data":{"events":["bench","unused.{}"]}}', different);
        while ((await group.receive(0)).others < SOCKETS) await pause(50);
      };
      const flush = async (): Promise<Flush> => {
        await group.reset();
        const before = cpuUs(server);
        const { firstUs } = await emitter.run({ requests: 1 });
        const { lastUs } = await group.receive(1);
        return { cpuMs: (cpuUs(server) - before) / 1e3, lastMs: (lastUs - firstUs) / 1e3 };
      };

      const flushes = new Map<number, Flush[]>(DISTINCT.map((different) => [different, []]));
      for (let round = 0; round < run.rounds; round++) {
        for (const [index, different] of DISTINCT.entries()) {
          run.progress(
            0.2 + (0.8 * (round * DISTINCT.length + index)) / (run.rounds * DISTINCT.length),
            `${different}`,
          );
          await subscribe(different);
          await flush(); // creates the groups
          const measured: Flush[] = [];
          for (let event = 0; event < EVENTS; event++) measured.push(await flush());
          flushes.get(different)?.push({ cpuMs: mean(measured, "cpuMs"), lastMs: mean(measured, "lastMs") });
        }
      }
      const finding = (what: string, key: keyof Flush, different: number): Finding => ({
        what: `${what}, ${different.toLocaleString("en")} subscriptions`,
        unit: "ms",
        subject: flushes.get(different)?.map((each) => each[key]) ?? [],
        control: { name: "one", values: flushes.get(1)?.map((each) => each[key]) ?? [] },
      });
      const several = DISTINCT.slice(1);
      return [
        ...several.map((different) => finding("CPU time of workerd", "cpuMs", different)),
        ...several.map((different) => finding("emit to last receipt", "lastMs", different)),
      ];
    }),
};

function mean(flushes: readonly Flush[], key: keyof Flush): number {
  return flushes.reduce((sum, flush) => sum + flush[key], 0) / flushes.length;
}
