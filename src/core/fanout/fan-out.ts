// From the log to the live: what was appended is cut into runs of one frame, and each run goes to everybody who hears of
// it before the next begins; one frame a group, the same string to each of its sockets.

import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { MAX_FLUSH_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../../wire/server-frame.ts";
import { hears } from "../access/match.ts";
import { REACTOR_EVENTS } from "../bus/event-names.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import type { EventText } from "../log/event-text.ts";
import type { RecentEvents } from "../log/recent-events.ts";
import { BATCH_EVENTS, batchOf } from "./frame-batch.ts";
import type { SendBuffer } from "./send-buffer.ts";
import { framesFor, type Lagging, type Sender, type Stage } from "./sender.ts";
import type { Socket } from "./socket.ts";
import type { SubscriberGroups, Subscription } from "./subscriber-groups.ts";

/** What a turn of sending has brought about. */
export interface Flushed<S extends Socket> {
  /** They MUST be made to catch up, in this turn: their group counts as told. */
  readonly lagging: readonly Lagging<S>[];
  /** How many sockets were sent something since everybody was last served. */
  readonly touched: number;
  /** Whether everybody is served. */
  readonly isDone: boolean;
}

/** What one frame can hold of the log, on its way to everybody. */
interface FrameBatch<S extends Socket> {
  readonly events: readonly LoggedEvent[];
  readonly to: number;
  readonly hearers: readonly Subscription<S>[];
}

export class FanOut<S extends Socket> {
  readonly #subscriberGroups: SubscriberGroups<S>;
  readonly #recentEvents: RecentEvents;
  readonly #sendBuffer: SendBuffer<S>;
  readonly #sender: Sender<S>;
  #batch: FrameBatch<S> | undefined;
  /** Where the flush that is under way ends. */
  #until = 0;
  /** Before the log is here, nobody is too far behind. */
  #progressDue = 0;

  constructor(stage: Stage<S>, sender: Sender<S>) {
    this.#subscriberGroups = stage.subscriberGroups;
    this.#recentEvents = stage.recentEvents;
    this.#sendBuffer = stage.sendBuffer;
    this.#sender = sender;
  }

  /**
   * Sends what was appended and not told. Where that is more than one turn may, the next calls go on from there, and end
   * where this one would have: what came in meanwhile is for a flush of its own.
   */
  flush(): Flushed<S> {
    const lagging: Lagging<S>[] = [];
    let room = MAX_FLUSH_BYTES;
    if (this.#batch === undefined) this.#until = this.#recentEvents.cursor.seq;
    for (;;) {
      this.#batch ??= this.#nextBatch(lagging);
      if (!this.#batch) break; // all are served, or some have to catch up first
      room = this.#sendBatch(this.#batch, room, lagging);
      if (room <= 0) return { lagging, touched: this.#sender.touched, isDone: false };
      this.#subscriberGroups.flushedSeq = this.#batch.to;
      this.#batch = undefined;
      this.#seeToProgress(lagging);
    }
    const { touched } = this.#sender;
    const isDone = this.#subscriberGroups.flushedSeq >= this.#until;
    if (isDone) this.#sender.touched = 0;
    return { lagging, touched, isDone };
  }

  /**
   * Sends an event that is not logged to everybody who hears it, and with it tells all how far the log has come. What
   * it says about the range is true because a group has been sent all that it hears up to its place.
   */
  ephemeral({ type, event }: EventText): readonly Lagging<S>[] {
    const lagging: Lagging<S>[] = [];
    const hearers = this.#subscriberGroups.hearing(type);
    const { epoch } = this.#recentEvents.cursor;
    for (const group of this.#subscriberGroups.groups) {
      const { subscription, sentSeq } = group;
      const cursor = { epoch, seq: this.#subscriberGroups.positionOf(group) };
      // An old page hears the heartbeat whatever it subscribed to.
      const isBeat = subscription.dialect === "legacy" && type === REACTOR_EVENTS.REACTOR_HEARTBEAT;
      if (!hearers.has(subscription) && !isBeat) this.#sender.sendProgress(group, lagging);
      else if (subscription.dialect === "v1")
        this.#sender.tell(group, [encodeEvents(sentSeq, cursor, [event])], lagging);
      else this.#sender.tell(group, [encodeLegacyEvent(event, cursor)], lagging);
    }
    return lagging;
  }

  /** Tells groups that were told less than `seq` how far the log has come: what they do not know of is about to go. */
  progress(seq: number): readonly Lagging<S>[] {
    const lagging: Lagging<S>[] = [];
    for (const group of this.#subscriberGroups.groups)
      if (group.sentSeq < seq) this.#sender.sendProgress(group, lagging);
    return lagging;
  }

  /**
   * Sends one reader what waits for the next flush, before it becomes another: then it stands at the head.
   *
   * @param allowed what it may hear as the other, too
   * @returns what it is where it is too far behind for one frame, or too much waits on it
   */
  bringToHead(socket: S, allowed: Patterns): Lagging<S> | undefined {
    const group = this.#subscriberGroups.groupOf(socket);
    const { epoch, seq: head } = this.#recentEvents.cursor;
    if (!group) return undefined;
    const position = this.#subscriberGroups.positionOf(group);
    if (position === head) return undefined;
    const batch = this.#recentEvents.covers(position) ? batchOf(this.#recentEvents, position, head) : undefined;
    if (batch?.at(-1)?.seq !== head) return this.#sender.asLagging(socket);
    const { asked } = group.subscription;
    const heard = batch.filter(
      ({ type }) => this.#subscriberGroups.hearing(type).has(group.subscription) && hears({ asked, allowed }, type),
    );
    const to = { epoch, seq: head };
    const lagging: Lagging<S>[] = [];
    this.#sendBuffer.beginTurn();
    this.#sender.send(
      group,
      [socket],
      { frames: framesFor(group, heard, to), bytes: bytesOf(heard), to: head },
      lagging,
    );
    if (lagging[0]) return lagging[0];
    this.#subscriberGroups.advance(group, head, [socket]);
    return undefined;
  }

  /** Tells one reader how far the log has come, if it does not know. @returns what it is where too much waits on it */
  sendPosition(socket: S): Lagging<S> | undefined {
    const group = this.#subscriberGroups.groupOf(socket);
    const lagging: Lagging<S>[] = [];
    this.#sendBuffer.beginTurn();
    if (group) this.#sender.sendProgress(group, lagging, [socket]);
    return lagging[0];
  }

  /** What no frame can hold waits for the next run. */
  #nextBatch(lagging: Lagging<S>[]): FrameBatch<S> | undefined {
    if (this.#subscriberGroups.flushedSeq >= this.#until) return undefined;
    if (!this.#recentEvents.covers(this.#subscriberGroups.flushedSeq)) return this.#skip(lagging);
    const events = batchOf(this.#recentEvents, this.#subscriberGroups.flushedSeq, this.#until);
    const hearers = new Set<Subscription<S>>();
    for (const type of new Set(events.map(({ type }) => type))) {
      for (const subscription of this.#subscriberGroups.hearing(type)) hearers.add(subscription);
    }
    return { events, to: events.at(-1)?.seq ?? this.#until, hearers: [...hearers] };
  }

  /** What was let go before everybody was served: they find out from the log, in this turn, before anything else is sent. */
  #skip(lagging: Lagging<S>[]): undefined {
    const { oldest } = this.#recentEvents;
    for (const group of this.#subscriberGroups.groups) {
      const position = this.#subscriberGroups.positionOf(group);
      if (position < oldest - 1)
        for (const socket of group.sockets) lagging.push({ socket, after: group.sentSeq, position });
    }
    this.#subscriberGroups.flushedSeq = oldest - 1;
  }

  /** @returns what is left of `room`; none if somebody is still to be served */
  #sendBatch(batch: FrameBatch<S>, room: number, lagging: Lagging<S>[]): number {
    let left = room;
    for (const subscription of batch.hearers) {
      for (const group of [...subscription.groups]) {
        const position = this.#subscriberGroups.positionOf(group);
        if (position >= batch.to) continue;
        const heard = batch.events.filter(
          ({ seq, type }) => seq > position && this.#subscriberGroups.hearing(type).has(subscription),
        );
        if (heard.length === 0) continue;
        if (left <= 0) return 0;
        const bytes = bytesOf(heard);
        const frames = framesFor(group, heard, { epoch: this.#recentEvents.cursor.epoch, seq: batch.to });
        const most = Math.ceil(left / bytes);
        left -= bytes * Math.min(most, group.sockets.size);
        const isAll = group.sockets.size <= most;
        const sockets = isAll ? [...group.sockets] : firstOf(group.sockets, most);
        this.#sender.send(group, sockets, { frames, bytes, to: batch.to }, lagging);
        this.#subscriberGroups.advance(group, batch.to, sockets);
        if (!isAll) return 0;
      }
    }
    return Math.max(left, 1);
  }

  /** A group that heard nothing for long must still know its place, or its next resume would be refused for age. */
  #seeToProgress(lagging: Lagging<S>[]): void {
    const { flushedSeq } = this.#subscriberGroups;
    if (flushedSeq < this.#progressDue) return;
    let least = flushedSeq;
    for (const group of this.#subscriberGroups.groups) {
      if (flushedSeq - group.sentSeq >= BATCH_EVENTS) this.#sender.sendProgress(group, lagging);
      else least = Math.min(least, group.sentSeq);
    }
    this.#progressDue = least + BATCH_EVENTS;
  }
}

/** Of a frame with these events, at most. */
function bytesOf(heard: readonly LoggedEvent[]): number {
  return heard.reduce((sum, event) => sum + event.bytes + 1, EVENTS_FRAME_BYTES);
}

function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length === count) break;
    first.push(item);
  }
  return first;
}
