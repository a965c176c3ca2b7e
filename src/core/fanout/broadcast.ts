// What was appended on its way to everybody who is live: by flushes, which wait where it comes faster than it goes out.
import type { Patterns } from "../../wire/pattern.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import type { EventText } from "../log/event-text.ts";
import { FanOut } from "./fan-out.ts";
import { type FlushPorts, FlushScheduler, type Outcome } from "./flush-scheduler.ts";
import { type Lagging, Sender, type Stage } from "./sender.ts";
import type { Socket } from "./socket.ts";

export interface BroadcastPorts extends FlushPorts {
  /** Is called at the beginning of each turn of sending: sockets that may be sent nothing more MUST be closed then. */
  beforeSending(): void;
}

export class Broadcast<S extends Socket> {
  readonly #stage: Stage<S>;
  readonly #demote: (lagging: readonly Lagging<S>[]) => void;
  readonly #sender: Sender<S>;
  readonly #fanOut: FanOut<S>;
  readonly #scheduler: FlushScheduler;
  readonly #beforeSending: () => void;

  /** @param demote makes readers catch up who are too slow to be live */
  constructor(stage: Stage<S>, demote: (lagging: readonly Lagging<S>[]) => void, ports: BroadcastPorts) {
    this.#beforeSending = ports.beforeSending;
    this.#stage = stage;
    this.#demote = demote;
    this.#sender = new Sender(stage);
    this.#fanOut = new FanOut(stage, this.#sender);
    this.#scheduler = new FlushScheduler(() => this.#flush(), ports);
  }

  /** Up to which seq all who are live have been told everything. */
  get flushedSeq(): number {
    const { subscriberGroups, recentEvents } = this.#stage;
    let flushedSeq = recentEvents.cursor.seq;
    for (const { sentSeq } of subscriberGroups.groups) flushedSeq = Math.min(flushedSeq, sentSeq);
    return flushedSeq;
  }

  /** MUST be told of every append, in its turn. What it was not told of, it finds in the log when it is next. */
  appended(events: readonly LoggedEvent[]): void {
    this.#stage.recentEvents.push(events);
    this.#scheduler.appended(events);
  }

  /** Tells who hears little how far the log has come, before events below `seq` are let go. */
  progress(seq: number): void {
    this.#beforeSending();
    this.#scheduler.now();
    this.#demote(this.#fanOut.progress(seq));
  }

  /** Sends an event that is not logged to those who are live and hear it, and tells all how far the log has come. */
  ephemeral(event: EventText): void {
    this.#beforeSending();
    this.#scheduler.now();
    this.#demote(this.#fanOut.ephemeral(event));
  }

  /**
   * Sends one reader what waits for the next flush, before it becomes another: then it stands at the head. One that is
   * too far behind for a frame, or too slow, catches up instead.
   *
   * @param allowed what it may hear as the other, too
   */
  bringToHead(socket: S, allowed: Patterns): void {
    const lagging = this.#fanOut.bringToHead(socket, allowed);
    if (lagging) this.#demote([lagging]);
  }

  /** Tells one reader how far the log has come, if it does not know. */
  sendPosition(socket: S): void {
    const lagging = this.#fanOut.sendPosition(socket);
    if (lagging) this.#demote([lagging]);
  }

  #flush(): Outcome {
    const { subscriberGroups, memoryBudget, recentEvents, sendBuffer } = this.#stage;
    this.#beforeSending();
    sendBuffer.beginTurn();
    if (subscriberGroups.flushedSeq === recentEvents.cursor.seq) return { touched: 0, isDone: true };
    if (memoryBudget.isFull(subscriberGroups)) {
      this.#demote(memoryBudget.stuck.map((socket) => this.#sender.asLagging(socket)));
      return "held";
    }
    const { lagging, touched, isDone } = this.#fanOut.flush();
    this.#demote(lagging);
    return { touched, isDone };
  }
}
