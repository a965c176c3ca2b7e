// Ids are looked up, so that a retry is not emitted again. Each is new here: what it costs to find nothing.

import { cpuUs } from "../../tools/process-use.ts";
import type { Bench, Finding } from "../bench.ts";
import { cloudEventsBody, type EmitBody, emitBody } from "../load/event-body.ts";
import type { Server } from "../servers/server.ts";
import { startReactor } from "../servers/start.ts";
import { Stage } from "../stage.ts";

/** As many as one request takes, and requests one after the other, each with ids of its own. */
const BATCH = 1_000;
const REQUESTS = 10;

/** Of an event as it is posted: mostly what a CloudEvent has to have. */
const EVENT_BYTES = 120;

export const emitIds: Bench = {
  name: "emit-ids",
  question: "How much longer do 10,000 CloudEvents with ids take, in batches of 1,000, than NDJSON without ids?",
  takesSeconds: 12,
  run: (run) =>
    Stage.set(async (stage) => {
      const withIds = new Publisher(stage, await stage.start(startReactor(run.worker)));
      const without = new Publisher(stage, await stage.start(startReactor(run.worker)));
      const figures: Figures[] = [];
      for (let round = -1; round < run.rounds; round++) {
        const sent = (round + 1) * BATCH * REQUESTS;
        const ids = await withIds.post((request) => cloudEventsBody(BATCH, EVENT_BYTES, sent + request * BATCH));
        const none = await without.post(() => emitBody(BATCH, EVENT_BYTES));
        if (round >= 0) figures.push({ ids, none }); // the round before is warm-up
        run.progress((round + 1) / run.rounds, "");
      }
      return findingsOf(figures);
    }),
};

interface Taken {
  readonly ms: number;
  readonly cpuUsPerEvent: number;
}

interface Figures {
  readonly ids: Taken;
  readonly none: Taken;
}

class Publisher {
  readonly #stage: Stage;
  readonly #server: Server;

  constructor(stage: Stage, server: Server) {
    this.#stage = stage;
    this.#server = server;
  }

  /** Posts one body after the other. @throws an Error if one is refused */
  async post(bodyOf: (request: number) => EmitBody): Promise<Taken> {
    const emitters = Array.from({ length: REQUESTS }, (_, request) =>
      this.#stage.publish(this.#server, bodyOf(request), 1),
    );
    const cpuBeforeUs = cpuUs(this.#server);
    let us = 0;
    for (const emitter of emitters) {
      const { firstUs, lastUs } = await emitter.run({ requests: 1 });
      us += lastUs - firstUs;
      emitter.close();
    }
    return { ms: us / 1e3, cpuUsPerEvent: (cpuUs(this.#server) - cpuBeforeUs) / (BATCH * REQUESTS) };
  }
}

function findingsOf(figures: readonly Figures[]): readonly Finding[] {
  const compare = (what: string, unit: string, read: (taken: Taken) => number): Finding => ({
    what,
    unit,
    subject: figures.map(({ ids }) => read(ids)),
    control: { name: "NDJSON without ids", values: figures.map(({ none }) => read(none)) },
    target: { atMost: 1.5 },
  });
  return [
    compare("10,000 CloudEvents with ids", "ms", ({ ms }) => ms),
    compare("CPU time per event", "µs", ({ cpuUsPerEvent }) => cpuUsPerEvent),
  ];
}
