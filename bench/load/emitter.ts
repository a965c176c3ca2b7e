// The publishers: requests over a few connections that stay open, one at a time on each, with bodies that are made beforehand.
import { setTimeout as sleep } from "node:timers/promises";
import { nowUs } from "./clock.ts";
import type { EmitBody } from "./event-body.ts";
import { HttpLane } from "./http-lane.ts";
import type { Lane } from "./lane.ts";
import { Latencies } from "./latencies.ts";
import { NatsLane } from "./nats-lane.ts";
import { Schedule } from "./schedule.ts";

/** How a server is published to. */
export type PublishTo =
  | { readonly protocol: "http"; readonly path: string }
  /** Of NATS itself, or of a stream that stores events and acknowledges them. @param port of the protocol, over TCP */
  | { readonly protocol: "nats" | "jetstream"; readonly port: number };

export interface EmitterOptions {
  readonly port: number;
  /** Several are posted in turns. */
  readonly bodies: readonly EmitBody[];
  /** How many POSTs are in flight at a time; at a fixed rate, how many connections there are at first. */
  readonly atATime: number;
  readonly to?: PublishTo;
}

export interface Emitted {
  readonly requests: number;
  readonly events: number;
  readonly firstUs: number;
  /** When the last answer came. */
  readonly lastUs: number;
  /** Time from the emit to its answer; at a fixed rate, from when it was due. */
  readonly answers: Latencies;
}

/** A server that leaves more unanswered is not measured: the connections of all sides count against one limit of open files. */
const MAX_LANES = 2_000;

export class Emitter {
  readonly #lanes: Lane[];
  readonly #newLane: () => Lane;
  readonly #events: number;
  #next = 0;

  constructor({ port, bodies, atATime, to = { protocol: "http", path: "/api/events" } }: EmitterOptions) {
    this.#newLane = () =>
      to.protocol === "http"
        ? new HttpLane(port, bodies, to.path)
        : new NatsLane(to.port, bodies, to.protocol === "jetstream");
    this.#lanes = Array.from({ length: atATime }, this.#newLane);
    this.#events = bodies[0]?.events ?? 0;
  }

  /** Each connection posts again as soon as it is answered, until `seconds` have passed or `requests` were sent. */
  async run(until: { readonly seconds?: number; readonly requests?: number }): Promise<Emitted> {
    const { seconds = Number.POSITIVE_INFINITY, requests = Number.POSITIVE_INFINITY } = until;
    const answers = new Latencies();
    await this.#open();
    const firstUs = nowUs();
    const endUs = firstUs + seconds * 1e6;
    let sent = 0;
    const drive = async (lane: Lane) => {
      while (sent < requests && nowUs() < endUs) {
        sent += 1;
        const startUs = nowUs();
        await lane.post(this.#next++, startUs);
        answers.add(nowUs() - startUs);
      }
    };
    await Promise.all(this.#lanes.map(drive));
    return { requests: sent, events: sent * this.#events, firstUs, lastUs: nowUs(), answers };
  }

  /**
   * An open loop: `perSecond` requests per second for `seconds`, however slow the answers are. One that finds all connections
   * waiting for an answer gets another connection. Events carry the time at which they were due, not that of the POST.
   */
  async runPaced(perSecond: number, seconds: number): Promise<Emitted> {
    const answers = new Latencies();
    await this.#open();
    const idle = [...this.#lanes];
    const firstUs = nowUs();
    const schedule = new Schedule(firstUs, perSecond, seconds);
    const posting = new Set<Promise<void>>();
    let failed: Error | null = null;
    const post = async (number: number, dueUs: number) => {
      const lane = idle.shift() ?? this.#another();
      if (!lane.isOpen) await lane.open();
      await lane.post(number, dueUs);
      answers.add(nowUs() - dueUs);
      idle.push(lane);
    };
    for (let next = 0; next < schedule.total && !failed; ) {
      for (const due = schedule.dueBy(nowUs()); next < due; next++) {
        const posted = post(this.#next++, schedule.dueUs(next)).then(
          () => void posting.delete(posted),
          (error: Error) => {
            failed ??= error;
          },
        );
        posting.add(posted);
      }
      if (next < schedule.total) await sleep(Math.max(0, (schedule.dueUs(next) - nowUs()) / 1e3));
    }
    await Promise.all(posting);
    if (failed) throw failed;
    return { requests: schedule.total, events: schedule.total * this.#events, firstUs, lastUs: nowUs(), answers };
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  /** New connections for each run: servers close those that are idle for 5 s. */
  async #open(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.open()));
  }

  #another(): Lane {
    if (this.#lanes.length === MAX_LANES) throw new Error(`${MAX_LANES} emits at a time were not answered`);
    const lane = this.#newLane();
    this.#lanes.push(lane);
    return lane;
  }
}
