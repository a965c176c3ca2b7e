// One side of a comparison: a server, its publishers and, where there are any, its subscribers.

import { cpuUs } from "../tools/process-use.ts";
import type { Emitter } from "./load/emitter.ts";
import { emitBodies } from "./load/event-body.ts";
import { Latencies } from "./load/latencies.ts";
import type { Dialect } from "./load/load-subscriber.ts";
import type { RemoteGroup } from "./load/load-thread.ts";
import type { Server } from "./servers/server.ts";
import type { Stage } from "./stage.ts";

/** Size of an event as it is posted. */
const EVENT_BYTES = 200;

/** The load on a server. */
export interface Load {
  /** Events per POST, and how many POSTs are in flight at a time. */
  readonly batch: number;
  readonly atATime: number;
  /** POSTs per second, however slow the answers are: an open loop, whose latencies count from when they were due. Absent: each publisher posts again as soon as it is answered. */
  readonly postsPerSecond?: number;
  /** The dialect is that of Reactor's subscribers; a control has only one. Absent: no subscribers. */
  readonly subscribers?: {
    readonly count: number;
    readonly sampleEvery?: number;
    readonly dialect?: Dialect;
    readonly offers?: boolean;
  };
}

export interface Round {
  readonly events: number;
  /** Deliveries; without subscribers, events that were acknowledged. */
  readonly perSecond: number;
  /** From emit to receipt; without subscribers, from emit to its answer. */
  readonly latencies: Latencies;
  readonly emitsPerSecond: number;
  /** CPU time of the server meanwhile, and the same as a share of a core. */
  readonly serverCpuUs: number;
  readonly serverCpu: number;
  /** Share of a core; 0 without subscribers. */
  readonly subscribersCpu: number;
  readonly eventsPerFrame: number;
  /** On the network, of a delivery; 0 without subscribers. */
  readonly bytesPerDelivery: number;
  readonly subscribers: number;
}

export class Side {
  readonly server: Server;
  readonly rounds: Round[] = [];
  readonly #emitter: Emitter;
  readonly #group: RemoteGroup | null;
  readonly #postsPerSecond: number | undefined;

  private constructor(server: Server, emitter: Emitter, group: RemoteGroup | null, postsPerSecond: number | undefined) {
    this.server = server;
    this.#emitter = emitter;
    this.#group = group;
    this.#postsPerSecond = postsPerSecond;
  }

  static async open(
    stage: Stage,
    server: Server,
    { batch, atATime, postsPerSecond, subscribers }: Load,
  ): Promise<Side> {
    let group: RemoteGroup | null = null;
    if (subscribers) {
      const { dialect, ...options } = subscribers;
      const isReactor = server.name === "Reactor";
      group = await stage.open(server, { ...options, ...(isReactor && dialect && { dialect }) });
    }
    return new Side(server, stage.publish(server, emitBodies(batch, EVENT_BYTES), atATime), group, postsPerSecond);
  }

  /** @throws an Error if an event was lost or doubled, a subscriber was closed, or an emit was refused */
  async measure(seconds: number): Promise<Round> {
    await this.#group?.reset();
    const cpuBeforeUs = cpuUs(this.server);
    const paced = this.#postsPerSecond;
    const emitted = await (paced === undefined
      ? this.#emitter.run({ seconds })
      : this.#emitter.runPaced(paced, seconds));
    const { events, requests, firstUs, lastUs: answeredUs } = emitted;
    const received = await this.#group?.receive(events);
    const serverCpuUs = cpuUs(this.server) - cpuBeforeUs;
    const elapsedUs = received ? received.elapsedMs * 1e3 : answeredUs - firstUs;
    return {
      events,
      perSecond:
        ((received ? received.delivered : events) * 1e6) / ((received ? received.lastUs : answeredUs) - firstUs),
      latencies: received ? new Latencies(received.latencies) : emitted.answers,
      emitsPerSecond: (requests * 1e6) / (answeredUs - firstUs),
      serverCpuUs,
      serverCpu: serverCpuUs / elapsedUs,
      subscribersCpu: received ? received.cpuMs / received.elapsedMs : 0,
      eventsPerFrame: received ? received.delivered / received.frames : 0,
      bytesPerDelivery: received ? received.bytes / received.delivered : 0,
      subscribers: this.#group?.size ?? 0,
    };
  }
}
