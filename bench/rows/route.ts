// What an emit costs between the socket and the log.
import type { Bench, Finding, Run } from "../bench.ts";
import { startDoor, startReactor, startStubHub } from "../servers/start.ts";
import { type Round, Side } from "../side.ts";
import { Stage } from "../stage.ts";

export const route: Bench = {
  name: "route",
  question: "What does a single POST cost in the Worker, and what in the hub, beside a Worker that only passes it on?",
  takesSeconds: 40,
  run: measure,
};

function measure(run: Run): Promise<readonly Finding[]> {
  return Stage.set(async (stage): Promise<readonly Finding[]> => {
    const starts = [() => startReactor(run.worker), startStubHub, startDoor];
    const sides: Side[] = [];
    for (const start of starts)
      sides.push(await Side.open(stage, await stage.start(start()), { batch: 1, atATime: 64 }));
    for (const side of sides) await side.measure(1); // warms up: the first calls run uncompiled
    for (let round = 0; round < run.rounds; round++) {
      for (const [index, side] of sides.entries()) {
        run.progress((round * sides.length + index) / (run.rounds * sides.length), side.server.name);
        side.rounds.push(await side.measure(run.seconds));
      }
    }
    const [whole, stub, door] = sides.map(({ rounds }) => rounds.map(cpuOf));
    if (!whole || !stub || !door) throw new Error("a route has three sides");
    const control = { name: "bare door", values: door };
    return [
      { what: "server CPU per emit, Reactor's Worker and a stub of the hub", unit: "µs", subject: stub, control },
      { what: "server CPU per emit, all of Reactor", unit: "µs", subject: whole, control },
    ];
  });
}

function cpuOf({ serverCpuUs, events }: Round): number {
  return serverCpuUs / events;
}
