// The load of the emit benches: publishers, and no subscribers.
import type { Finding, Run, Target } from "./bench.ts";
import { startReactor, startStubHub } from "./servers/start.ts";
import { Side } from "./side.ts";
import { Stage } from "./stage.ts";

export interface Emits {
  readonly batch: number;
  readonly atATime: number;
  readonly target: Target;
}

/**
 * Events per second that are acknowledged, and so durable, beside the same Worker in front of a hub that stores nothing; and
 * of one that stores the minimum, which shows how much of the difference is due to the disk.
 */
export function emits({ batch, atATime, target }: Emits, run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage): Promise<readonly Finding[]> => {
    const sides: Side[] = [];
    for (const start of [() => startReactor(run.worker), startStubHub, () => startStubHub("stub hub that stores")]) {
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
    const [reactor, stub, storing] = sides.map(({ server, rounds }) => ({
      name: server.name,
      values: rounds.map(({ perSecond }) => perSecond),
    }));
    if (!reactor || !stub || !storing) throw new Error("emits have three sides");
    const emitted = { what: "events per second", unit: "", subject: reactor.values };
    return [
      { ...emitted, control: stub, target, note: `share of a core: ${busy.join("; ")}` },
      { ...emitted, control: storing },
    ];
  });
}
