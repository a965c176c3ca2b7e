// From the log to the live: what was appended is cut into runs of one frame, and each run goes to everybody who hears of
// it before the next begins; one frame a group, the same string to each of its sockets.

import { encodeOldEvent } from "../../wire/legacy-dialect.ts";
import { MAX_FLUSH_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../../wire/server-frame.ts";
import { hears } from "../access/match.ts";
import type { Carried } from "../bus/event-bus.ts";
import { REACTOR_EVENTS } from "../bus/event-names.ts";
import type { LoggedEvent } from "../log/event-log.ts";
import type { Tail } from "../log/recent-events.ts";
import { RUN_EVENTS, runOf } from "./frame-batch.ts";
import type { Waiting } from "./send-buffer.ts";
import { type Delivery, framesFor, type Slow, type Stage } from "./sender.ts";
import type { Socket } from "./socket.ts";
import type { Audience, Subscription } from "./subscriber-groups.ts";

/** What a turn of sending has brought about. */
export interface Flushed<S extends Socket> {
  /** They MUST be made to catch up, in this turn: their group counts as told. */
  readonly slow: readonly Slow<S>[];
  /** How many sockets were sent something since everybody was last served. */
  readonly touched: number;
  /** Whether everybody is served. */
  readonly isDone: boolean;
}

/** What one frame can hold of the log, on its way to everybody. */
interface Run<S extends Socket> {
  readonly events: readonly LoggedEvent[];
  readonly to: number;
  readonly hearers: readonly Subscription<S>[];
}

export class FanOut<S extends Socket> {
  readonly #audience: Audience<S>;
  readonly #tail: Tail;
  readonly #waiting: Waiting<S>;
  readonly #delivery: Delivery<S>;
  #run: Run<S> | undefined;
  /** Where the flush that is under way ends. */
  #until = 0;
  /** Before the log is here, nobody is too far behind. */
  #progressDue = 0;

  constructor(stage: Stage<S>, delivery: Delivery<S>) {
    this.#audience = stage.audience;
    this.#tail = stage.tail;
    this.#waiting = stage.waiting;
    this.#delivery = delivery;
  }

  /**
   * Sends what was appended and not told. Where that is more than one turn may, the next calls go on from there, and end
   * where this one would have: what came in meanwhile is for a flush of its own.
   */
  flush(): Flushed<S> {
    const slow: Slow<S>[] = [];
    let room = MAX_FLUSH_BYTES;
    if (this.#run === undefined) this.#until = this.#tail.cursor.seq;
    for (;;) {
      this.#run ??= this.#nextRun(slow);
      if (!this.#run) break; // all are served, or some have to catch up first
      room = this.#sendRun(this.#run, room, slow);
      if (room <= 0) return { slow, touched: this.#delivery.touched, isDone: false };
      this.#audience.servedTo = this.#run.to;
      this.#run = undefined;
      this.#seeToProgress(slow);
    }
    const { touched } = this.#delivery;
    const isDone = this.#audience.servedTo >= this.#until;
    if (isDone) this.#delivery.touched = 0;
    return { slow, touched, isDone };
  }

  /**
   * Sends an event that is not logged to everybody who hears it, and with it tells all how far the log has come. What
   * it says about the range is true because a group has been sent all that it hears up to its place.
   */
  ephemeral({ type, event }: Carried): readonly Slow<S>[] {
    const slow: Slow<S>[] = [];
    const hearers = this.#audience.hearing(type);
    const { epoch } = this.#tail.cursor;
    for (const group of this.#audience.groups) {
      const { subscription, told } = group;
      const cursor = { epoch, seq: this.#audience.placeOf(group) };
      // An old page hears the heartbeat whatever it subscribed to.
      const isBeat = subscription.dialect === "old" && type === REACTOR_EVENTS.REACTOR_HEARTBEAT;
      if (!hearers.has(subscription) && !isBeat) this.#delivery.tellProgress(group, slow);
      else if (subscription.dialect === "v1") this.#delivery.tell(group, [encodeEvents(told, cursor, [event])], slow);
      else this.#delivery.tell(group, [encodeOldEvent(event, cursor)], slow);
    }
    return slow;
  }

  /** Tells groups that were told less than `seq` how far the log has come: what they do not know of is about to go. */
  progress(seq: number): readonly Slow<S>[] {
    const slow: Slow<S>[] = [];
    for (const group of this.#audience.groups) if (group.told < seq) this.#delivery.tellProgress(group, slow);
    return slow;
  }

  /**
   * Sends one reader what waits for the next flush, before it becomes another: then it stands at the head.
   *
   * @param allowed what it may hear as the other, too
   * @returns what it is where it is too far behind for one frame, or too much waits on it
   */
  bringToHead(socket: S, allowed: Patterns): Slow<S> | undefined {
    const group = this.#audience.groupOf(socket);
    const { epoch, seq: head } = this.#tail.cursor;
    if (!group) return undefined;
    const place = this.#audience.placeOf(group);
    if (place === head) return undefined;
    const run = this.#tail.covers(place) ? runOf(this.#tail, place, head) : undefined;
    if (run?.at(-1)?.seq !== head) return this.#delivery.leaveOut(socket);
    const { asked } = group.subscription;
    const heard = run.filter(
      ({ type }) => this.#audience.hearing(type).has(group.subscription) && hears({ asked, allowed }, type),
    );
    const to = { epoch, seq: head };
    const slow: Slow<S>[] = [];
    this.#waiting.beginTurn();
    this.#delivery.send(
      group,
      [socket],
      { frames: framesFor(group, heard, to), bytes: bytesOf(heard), to: head },
      slow,
    );
    if (slow[0]) return slow[0];
    this.#audience.advance(group, head, [socket]);
    return undefined;
  }

  /** Tells one reader how far the log has come, if it does not know. @returns what it is where too much waits on it */
  tellPlace(socket: S): Slow<S> | undefined {
    const group = this.#audience.groupOf(socket);
    const slow: Slow<S>[] = [];
    this.#waiting.beginTurn();
    if (group) this.#delivery.tellProgress(group, slow, [socket]);
    return slow[0];
  }

  /** What no frame can hold waits for the next run. */
  #nextRun(slow: Slow<S>[]): Run<S> | undefined {
    if (this.#audience.servedTo >= this.#until) return undefined;
    if (!this.#tail.covers(this.#audience.servedTo)) return this.#skip(slow);
    const events = runOf(this.#tail, this.#audience.servedTo, this.#until);
    const hearers = new Set<Subscription<S>>();
    for (const type of new Set(events.map(({ type }) => type))) {
      for (const subscription of this.#audience.hearing(type)) hearers.add(subscription);
    }
    return { events, to: events.at(-1)?.seq ?? this.#until, hearers: [...hearers] };
  }

  /** What was let go before everybody was served: they find out from the log, in this turn, before anything else is sent. */
  #skip(slow: Slow<S>[]): undefined {
    const { oldest } = this.#tail;
    for (const group of this.#audience.groups) {
      const place = this.#audience.placeOf(group);
      if (place < oldest - 1) for (const socket of group.sockets) slow.push({ socket, after: group.told, place });
    }
    this.#audience.servedTo = oldest - 1;
  }

  /** @returns what is left of `room`; none if somebody is still to be served */
  #sendRun(run: Run<S>, room: number, slow: Slow<S>[]): number {
    let left = room;
    for (const subscription of run.hearers) {
      for (const group of [...subscription.groups]) {
        const place = this.#audience.placeOf(group);
        if (place >= run.to) continue;
        const heard = run.events.filter(
          ({ seq, type }) => seq > place && this.#audience.hearing(type).has(subscription),
        );
        if (heard.length === 0) continue;
        if (left <= 0) return 0;
        const bytes = bytesOf(heard);
        const frames = framesFor(group, heard, { epoch: this.#tail.cursor.epoch, seq: run.to });
        const most = Math.ceil(left / bytes);
        left -= bytes * Math.min(most, group.sockets.size);
        const isAll = group.sockets.size <= most;
        const sockets = isAll ? [...group.sockets] : firstOf(group.sockets, most);
        this.#delivery.send(group, sockets, { frames, bytes, to: run.to }, slow);
        this.#audience.advance(group, run.to, sockets);
        if (!isAll) return 0;
      }
    }
    return Math.max(left, 1);
  }

  /** A group that heard nothing for long must still know its place, or its next resume would be refused for age. */
  #seeToProgress(slow: Slow<S>[]): void {
    const { servedTo } = this.#audience;
    if (servedTo < this.#progressDue) return;
    let least = servedTo;
    for (const group of this.#audience.groups) {
      if (servedTo - group.told >= RUN_EVENTS) this.#delivery.tellProgress(group, slow);
      else least = Math.min(least, group.told);
    }
    this.#progressDue = least + RUN_EVENTS;
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
