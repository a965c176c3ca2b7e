// The load of the benches of emitting: publishers, and nobody who listens.
import type { Finding, Run, Target } from "./bench.ts";
import type { Emitter } from "./load/emitter.ts";
import { emitBody } from "./load/event-body.ts";
import { cpuUs, type Server } from "./servers/server.ts";
import { startBareDoor, startReactor } from "./servers/start.ts";
import { Stage } from "./stage.ts";

export interface Emits {
  readonly batch: number;
  readonly atATime: number;
  readonly target: Target;
}

interface Side {
  readonly server: Server;
  readonly emitter: Emitter;
  readonly rounds: number[];
}

/**
 * Events a second that are acknowledged, and so durable, beside the same door with nothing stored behind it; and beside
 * one that stores as little as can be, which shows how much of the difference is the disk's.
 */
export function emits({ batch, atATime, target }: Emits, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage): Promise<readonly Finding[]> => {
    const sides: Side[] = [];
    for (const start of [() => startReactor(run.worker), startBareDoor, () => startBareDoor("bare log")]) {
      const server = await stage.start(start());
      sides.push({ server, emitter: stage.publish(server, emitBody(batch, 200), atATime), rounds: [] });
    }
    const busy: string[] = [];
    for (const { emitter } of sides) await emitter.run({ seconds: 0.5 });
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, { server, emitter, rounds }] of sides.entries()) {
        run.progress((round * sides.length + index) / (run.rounds * sides.length), server.name);
        const measured = await acknowledged(server, emitter, run.seconds);
        rounds.push(measured.perSecond);
        busy[index] = `${server.name} ${Math.round(100 * measured.serverCpu)} %`;
      }
    }
    const [reactor, door, log] = sides.map(({ server, rounds }) => ({ name: server.name, values: rounds }));
    if (!reactor || !door || !log) throw new Error("emits have three sides");
    const emitted = { what: "events a second", unit: "", subject: reactor.values };
    return [
      { ...emitted, control: door, target, note: `share of a core: ${busy.join("; ")}` },
      { ...emitted, control: log },
    ];
  });
}

/** @returns events a second, and what of a core the server used */
export async function acknowledged(server: Server, emitter: Emitter, seconds: number) {
  const before = cpuUs(server);
  const { events, firstUs, lastUs } = await emitter.run({ seconds });
  return { perSecond: (events * 1e6) / (lastUs - firstUs), serverCpu: (cpuUs(server) - before) / (lastUs - firstUs) };
}
