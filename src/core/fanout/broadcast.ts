// What was appended on its way to everybody who is live: by flushes, which wait where it comes faster than it goes out.
import type { Patterns } from "../../wire/pattern.ts";
import type { Carried } from "../bus/event-bus.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import { FanOut } from "./fan-out.ts";
import { type Outcome, Pacing, type PacingPorts } from "./flush-scheduler.ts";
import { Delivery, type Slow, type Stage } from "./sender.ts";
import type { Socket } from "./socket.ts";

export interface BroadcastPorts extends PacingPorts {
  /** Is called at the beginning of each turn of sending: sockets that may be sent nothing more MUST be closed then. */
  beforeSending(): void;
}

export class Broadcast<S extends Socket> {
  readonly #stage: Stage<S>;
  readonly #demote: (slow: readonly Slow<S>[]) => void;
  readonly #delivery: Delivery<S>;
  readonly #fanOut: FanOut<S>;
  readonly #pacing: Pacing;
  readonly #beforeSending: () => void;

  /** @param demote makes readers catch up who are too slow to be live */
  constructor(stage: Stage<S>, demote: (slow: readonly Slow<S>[]) => void, ports: BroadcastPorts) {
    this.#beforeSending = ports.beforeSending;
    this.#stage = stage;
    this.#demote = demote;
    this.#delivery = new Delivery(stage);
    this.#fanOut = new FanOut(stage, this.#delivery);
    this.#pacing = new Pacing(() => this.#flush(), ports);
  }

  /** Up to which seq all who are live have been told everything. */
  get toldTo(): number {
    const { audience, tail } = this.#stage;
    let toldTo = tail.cursor.seq;
    for (const { told } of audience.groups) toldTo = Math.min(toldTo, told);
    return toldTo;
  }

  /** MUST be told of every append, in its turn. What it was not told of, it finds in the log when it is next. */
  appended(events: readonly LoggedEvent[]): void {
    this.#stage.tail.push(events);
    this.#pacing.appended(events);
  }

  /** Tells who hears little how far the log has come, before events below `seq` are let go. */
  progress(seq: number): void {
    this.#beforeSending();
    this.#pacing.now();
    this.#demote(this.#fanOut.progress(seq));
  }

  /** Sends an event that is not logged to those who are live and hear it, and tells all how far the log has come. */
  ephemeral(event: Carried): void {
    this.#beforeSending();
    this.#pacing.now();
    this.#demote(this.#fanOut.ephemeral(event));
  }

  /**
   * Sends one reader what waits for the next flush, before it becomes another: then it stands at the head. One that is
   * too far behind for a frame, or too slow, catches up instead.
   *
   * @param allowed what it may hear as the other, too
   */
  bringToHead(socket: S, allowed: Patterns): void {
    const slow = this.#fanOut.bringToHead(socket, allowed);
    if (slow) this.#demote([slow]);
  }

  /** Tells one reader how far the log has come, if it does not know. */
  tellPlace(socket: S): void {
    const slow = this.#fanOut.tellPlace(socket);
    if (slow) this.#demote([slow]);
  }

  #flush(): Outcome {
    const { audience, backlog, tail, waiting } = this.#stage;
    this.#beforeSending();
    waiting.beginTurn();
    if (audience.servedTo === tail.cursor.seq) return { touched: 0, isDone: true };
    if (backlog.isFull(audience)) {
      this.#demote(backlog.stuck.map((socket) => this.#delivery.leaveOut(socket)));
      return "held";
    }
    const { slow, touched, isDone } = this.#fanOut.flush();
    this.#demote(slow);
    return { touched, isDone };
  }
}
