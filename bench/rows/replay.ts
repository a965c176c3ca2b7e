import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding, Run } from "../bench.ts";
import { nowUs } from "../load/clock.ts";
import { emitBody } from "../load/event-body.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

const EVENTS = 100_000;
const BATCH = 100;
/** One event of another type after each tenth of them. */
const RARE = 10;

export const replay: Bench = {
  name: "replay",
  question: "How long does one subscriber take to replay 100,000 events, and one that receives 10 of them?",
  takesSeconds: 40,
  comparesBuilds: true,
  run: (run) =>
    Stage.set(async (stage): Promise<readonly Finding[]> => {
      const servers = [await stage.start(startReactor(run.worker))];
      if (run.other) servers.push(await stage.start(startReactor(run.other)));
      for (const server of servers) await fill(stage, server, run);
      const all = servers.map((): number[] => []);
      const cpu = servers.map((): number[] => []);
      const rare = servers.map((): number[] => []);
      for (let round = -1; round < run.rounds; round++) {
        run.progress(0.6 + (0.4 * (round + 1)) / (run.rounds + 1), "replaying");
        for (const [index, server] of servers.entries()) {
          const cpuBeforeUs = cpuUs(server);
          const allMs = await replayAll(stage, server);
          const cpuMs = (cpuUs(server) - cpuBeforeUs) / 1e3;
          const rareMs = await replayAll(stage, server, "rare");
          if (round < 0) continue; // warms up: the first calls run uncompiled
          all[index]?.push(allMs);
          cpu[index]?.push(cpuMs);
          rare[index]?.push(rareMs);
        }
      }
      return [
        finding("all 100,000", all, 0.5),
        finding("server CPU of that", cpu, 0.5),
        finding("the 10 of one type", rare, 0.2),
      ];
    }),
};

/** @param atMost as a share of the other build's time */
function finding(what: string, [subject = [], other]: readonly (readonly number[])[], atMost: number): Finding {
  if (other === undefined) return { what, unit: "ms", subject };
  return { what, unit: "ms", subject, control: { name: "the other build", values: other }, target: { atMost } };
}

async function fill(stage: Stage, server: Server, run: Run): Promise<void> {
  const many = stage.publish(server, emitBody(BATCH, 200), 4);
  const one = stage.publish(server, emitBody(1, 200, "rare"), 1);
  for (let part = 0; part < RARE; part++) {
    run.progress((0.6 * part) / RARE, "filling a log");
    await many.run({ requests: EVENTS / BATCH / RARE });
    await one.run({ requests: 1 });
  }
}

/** From the beginning to the head, over a new connection. @param type only its events @returns ms */
async function replayAll(stage: Stage, server: Server, type?: string): Promise<number> {
  const path = `/ws/stream?cursor=0.0${type ? `&events=${type}` : ""}`;
  const startUs = nowUs();
  const group = await stage.open(server, { count: 1, path, receivesAll: type === undefined });
  const { lastUs } = await group.receive(type ? RARE : EVENTS + RARE);
  await group.disconnect();
  return (lastUs - startUs) / 1e3;
}
