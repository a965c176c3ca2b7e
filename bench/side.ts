// One side of a comparison: a server, its publishers and, where there are any, its readers.
import type { Emitter } from "./load/emitter.ts";
import { emitBody } from "./load/event-body.ts";
import { Latencies } from "./load/latencies.ts";
import type { Dialect } from "./load/reader.ts";
import type { Group } from "./load/readers.ts";
import { cpuUs, type Server } from "./servers/server.ts";
import type { Stage } from "./stage.ts";

/** Of an event as it is posted. */
const EVENT_BYTES = 200;

/** What a server is put under. */
export interface Load {
  /** Events of one POST, and how many POSTs are on their way at a time. */
  readonly batch: number;
  readonly atATime: number;
  /** POSTs a second, whatever the answers do. Absent: each publisher posts again as soon as it is answered. */
  readonly postsPerSecond?: number;
  /** The dialect is that of Reactor's readers; a control has one only. Absent: no socket reads. */
  readonly readers?: { readonly count: number; readonly sampleEvery?: number; readonly dialect?: Dialect };
}

export interface Round {
  readonly events: number;
  /** Deliveries; without readers, events that were acknowledged. */
  readonly perSecond: number;
  /** From emit to receipt; without readers, from emit to its answer. */
  readonly latencies: Latencies;
  readonly emitsPerSecond: number;
  /** What the server has computed meanwhile, and the same as a share of a core. */
  readonly serverCpuUs: number;
  readonly serverCpu: number;
  /** Of a core; 0 without readers. */
  readonly readersCpu: number;
  readonly eventsPerFrame: number;
}

export class Side {
  readonly server: Server;
  readonly rounds: Round[] = [];
  readonly #emitter: Emitter;
  readonly #group: Group | null;
  readonly #postsPerSecond: number | undefined;

  private constructor(server: Server, emitter: Emitter, group: Group | null, postsPerSecond: number | undefined) {
    this.server = server;
    this.#emitter = emitter;
    this.#group = group;
    this.#postsPerSecond = postsPerSecond;
  }

  static async open(stage: Stage, server: Server, { batch, atATime, postsPerSecond, readers }: Load): Promise<Side> {
    let group: Group | null = null;
    if (readers) {
      const { dialect, ...options } = readers;
      const isReactor = server.name === "Reactor";
      group = await stage.open(server, { ...options, ...(isReactor && dialect && { dialect }) });
    }
    return new Side(server, stage.publish(server, emitBody(batch, EVENT_BYTES), atATime), group, postsPerSecond);
  }

  /** @throws an Error if an event was lost or doubled, a reader was closed, or an emit was refused */
  async measure(seconds: number): Promise<Round> {
    await this.#group?.reset();
    const cpuBeforeUs = cpuUs(this.server);
    const paced = this.#postsPerSecond;
    const emitted = await (paced === undefined
      ? this.#emitter.run({ seconds })
      : this.#emitter.runPaced(paced, seconds));
    const { events, requests, firstUs, lastUs: answeredUs } = emitted;
    const taken = await this.#group?.take(events);
    const serverCpuUs = cpuUs(this.server) - cpuBeforeUs;
    const elapsedUs = taken ? taken.elapsedMs * 1e3 : answeredUs - firstUs;
    return {
      events,
      perSecond: ((taken ? taken.delivered : events) * 1e6) / ((taken ? taken.lastUs : answeredUs) - firstUs),
      latencies: taken ? new Latencies(taken.latencies) : emitted.answers,
      emitsPerSecond: (requests * 1e6) / (answeredUs - firstUs),
      serverCpuUs,
      serverCpu: serverCpuUs / elapsedUs,
      readersCpu: taken ? taken.cpuMs / taken.elapsedMs : 0,
      eventsPerFrame: taken ? taken.delivered / taken.frames : 0,
    };
  }
}
