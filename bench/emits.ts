// The load of the benches of emitting: publishers, and nobody who listens.
import type { Finding, Run, Target } from "./bench.ts";
import { startBareDoor, startReactor } from "./servers/start.ts";
import { Side } from "./side.ts";
import { Stage } from "./stage.ts";

export interface Emits {
  readonly batch: number;
  readonly atATime: number;
  readonly target: Target;
}

/**
 * Events a second that are acknowledged, and so durable, beside the same door with nothing stored behind it; and beside
 * one that stores as little as can be, which shows how much of the difference is the disk's.
 */
export function emits({ batch, atATime, target }: Emits, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage): Promise<readonly Finding[]> => {
    const sides: Side[] = [];
    for (const start of [() => startReactor(run.worker), startBareDoor, () => startBareDoor("bare log")]) {
      sides.push(await Side.open(stage, await stage.start(start()), { batch, atATime }));
    }
    const busy: string[] = [];
    for (const side of sides) await side.measure(0.5);
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, side] of sides.entries()) {
        const { server, rounds } = side;
        run.progress((round * sides.length + index) / (run.rounds * sides.length), server.name);
        const measured = await side.measure(run.seconds);
        rounds.push(measured);
        busy[index] = `${server.name} ${Math.round(100 * measured.serverCpu)} %`;
      }
    }
    const [reactor, door, log] = sides.map(({ server, rounds }) => ({
      name: server.name,
      values: rounds.map(({ perSecond }) => perSecond),
    }));
    if (!reactor || !door || !log) throw new Error("emits have three sides");
    const emitted = { what: "events a second", unit: "", subject: reactor.values };
    return [
      { ...emitted, control: door, target, note: `share of a core: ${busy.join("; ")}` },
      { ...emitted, control: log },
    ];
  });
}
