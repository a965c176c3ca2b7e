// From the log to the live sockets. What was appended is cut into batches of one frame; each batch goes to every group with
// matching events before the next begins, as the same string to each socket of a group. It may grow on the way: then groups that
// were served are ahead, and get the rest with the next. The scheduler says when.
import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { MAX_FLUSH_BYTES, PROGRESS_EVENTS_PER_SUBSCRIBER, PROGRESS_EVERY_EVENTS } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { EVENTS_FRAME_BYTES, encodeEvents } from "../../wire/server-frame.ts";
import { type Interest, InterestFilter } from "../access/match.ts";
import { REACTOR_EVENTS } from "../bus/event-names.ts";
import type { EventText } from "../log/event-text.ts";
import type { LoggedEvent } from "../log/logged-event.ts";
import type { RecentEvents } from "../log/recent-events.ts";
import { type FlushPorts, FlushScheduler, type Outcome } from "./flush-scheduler.ts";
import { BATCH_EVENTS, batchOf, FrameBatch } from "./frame-batch.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import type { SendBuffer } from "./send-buffer.ts";
import { framesFor, type Lagging, Sender, type SenderState } from "./sender.ts";
import type { Socket } from "./socket.ts";
import type { SubscriberGroups } from "./subscriber-groups.ts";
import { MATCHES_PER_TURN } from "./type-matches.ts";

export interface FanoutPorts<S extends Socket> extends FlushPorts {
  /** Is called at the beginning of each turn of sending: sockets that may be sent nothing more MUST be closed then. */
  beforeSending(): void;
  /** MUST make live sockets that lag behind catch up, in the turn of the call. */
  demote(lagging: readonly Lagging<S>[]): void;
}

export interface FanoutState<S extends Socket> extends SenderState<S> {
  readonly recentEvents: RecentEvents;
}

export class Fanout<S extends Socket> {
  readonly #groups: SubscriberGroups<S>;
  readonly #recentEvents: RecentEvents;
  readonly #sendBuffer: SendBuffer<S>;
  readonly #memoryBudget: MemoryBudget<S>;
  readonly #sender: Sender<S>;
  readonly #scheduler: FlushScheduler;
  readonly #ports: FanoutPorts<S>;
  #batch: FrameBatch<S> | undefined;

  constructor(state: FanoutState<S>, ports: FanoutPorts<S>) {
    const { groups, recentEvents, sendBuffer, memoryBudget } = state;
    this.#groups = groups;
    this.#recentEvents = recentEvents;
    this.#sendBuffer = sendBuffer;
    this.#memoryBudget = memoryBudget;
    this.#ports = ports;
    this.#sender = new Sender(state);
    this.#scheduler = new FlushScheduler((most) => this.#flush(most), ports);
  }

  /** Up to which seq every live socket was sent a frame that says so. */
  get sentSeq(): number {
    let seq = this.#recentEvents.cursor.seq;
    for (const group of this.#groups.groups) seq = Math.min(seq, group.sentSeq);
    return seq;
  }

  /** MUST be called with every append, in its turn. What it was not given it reads from the log with the next. */
  push(events: readonly LoggedEvent[]): void {
    this.#recentEvents.push(events);
    this.#scheduler.appended(events);
  }

  /** MUST be called when an event was taken out of the log: what was not sent yet will not be. */
  removed(seq: number): void {
    this.#recentEvents.remove(seq);
    this.#batch?.remove(seq);
  }

  /** MUST be called when all events below `seq` were taken out of the log. */
  removedBefore(seq: number): void {
    this.#recentEvents.removeBefore(seq);
    this.#batch = undefined; // who was not sent it yet finds out from the log
  }

  /**
   * Sends an event that is not logged to the live sockets that match it, and to all others how far the log has come. The range
   * that its frame states is true, because a group was sent all that matches up to its position.
   */
  ephemeral({ type, event }: EventText): void {
    this.#ports.beforeSending();
    this.#scheduler.now();
    const { epoch } = this.#recentEvents.cursor;
    const matching = this.#groups.matches.all(type);
    const lagging: Lagging<S>[] = [];
    for (const group of this.#groups.groups) {
      const { subscription, sentSeq } = group;
      const cursor = { epoch, seq: this.#groups.positionOf(group) };
      const isLegacy = subscription.dialect === "legacy";
      // A legacy page hears the heartbeat whatever it subscribed to.
      const isHeard = matching.has(subscription) || (isLegacy && type === REACTOR_EVENTS.REACTOR_HEARTBEAT);
      if (!isHeard) lagging.push(...this.#sender.sendProgress(group, epoch));
      else {
        const frame = isLegacy ? encodeLegacyEvent(event, cursor) : encodeEvents(sentSeq, cursor, [event]);
        lagging.push(...this.#sender.sendUnlogged(group, frame));
      }
    }
    this.#ports.demote(lagging);
  }

  /** Sends the groups that were sent less than `seq` how far the log has come, before events below `seq` are deleted. */
  progress(seq: number): void {
    this.#ports.beforeSending();
    this.#scheduler.now();
    const { epoch } = this.#recentEvents.cursor;
    const behind = this.#groups.sentUpTo(seq - 1);
    this.#ports.demote(behind.flatMap((group) => this.#sender.sendProgress(group, epoch)));
  }

  /** Sends one live socket how far the log has come, if it was not. */
  sendPosition(socket: S): void {
    const group = this.#groups.groupOf(socket);
    if (!group) return;
    this.#sendBuffer.beginTurn();
    this.#ports.demote(this.#sender.sendProgress(group, this.#recentEvents.cursor.epoch, [socket]));
  }

  /**
   * Sends one live socket what waits for the next flush, before its subscription or rights change: then it is at the head.
   * One that is too far behind for a frame, or lags, or whose patterns take too long to match, catches up instead.
   *
   * @param allowed what its next rights allow, too
   */
  bringToHead(socket: S, allowed: Patterns): void {
    const group = this.#groups.groupOf(socket);
    const { epoch, seq: head } = this.#recentEvents.cursor;
    if (!group) return;
    const position = this.#groups.positionOf(group);
    if (position === head) return;
    const batch = this.#recentEvents.covers(position) ? batchOf(this.#recentEvents, position, head) : [];
    const matching = heardByAll(batch, [group.subscription, { asked: null, allowed }], MATCHES_PER_TURN);
    if (batch.at(-1)?.seq !== head || matching === undefined) {
      this.#ports.demote([this.#sender.asLagging(socket)]);
      return;
    }
    this.#sendBuffer.beginTurn();
    const frames = framesFor(group, matching, { epoch, seq: head });
    this.#ports.demote(
      this.#sender.send(group, [socket], { frames, events: matching.length, bytes: bytesOf(matching), to: head }),
    );
  }

  /** @param most how many frames this turn may send */
  #flush(most: number): Outcome {
    this.#ports.beforeSending();
    this.#sendBuffer.beginTurn();
    if (this.#groups.flushedSeq === this.#recentEvents.cursor.seq)
      return { touched: 0, unsentBytes: 0, isRoundOver: true };
    const budget = this.#memoryBudget.check(this.#groups);
    if (budget.isFull) {
      this.#ports.demote(budget.stuck.map((socket) => this.#sender.asLagging(socket)));
      return "held";
    }
    const lagging: Lagging<S>[] = [];
    let isRoundOver = false;
    try {
      isRoundOver = this.#sendPending(most, lagging);
    } finally {
      this.#ports.demote(lagging); // their groups count as sent to, also where a later one fails
    }
    return { touched: this.#sender.takeTouched(), unsentBytes: this.#unsentBytes, isRoundOver };
  }

  /** Of the frame for those who were sent least. */
  get #unsentBytes(): number {
    const { flushedSeq } = this.#groups;
    if (flushedSeq === this.#recentEvents.cursor.seq) return 0;
    if (this.#recentEvents.covers(flushedSeq)) this.#batch ??= new FrameBatch(this.#recentEvents, flushedSeq);
    return this.#batch?.bytes ?? 1;
  }

  /**
   * Sends what was appended and not flushed. Where that is more than one turn may send, the next calls go on from there, with
   * those who were sent least, and with what has come in meanwhile. A round is over once all were sent what there was when it began.
   *
   * @param lagging gets the sockets that were left out @returns whether a round is over
   */
  #sendPending(most: number, lagging: Lagging<S>[]): boolean {
    const room = { bytes: MAX_FLUSH_BYTES, frames: most };
    let matches = MATCHES_PER_TURN;
    let isRoundOver = false;
    this.#batch?.extend();
    while (this.#groups.flushedSeq < this.#recentEvents.cursor.seq) {
      if (this.#batch === undefined && !this.#recentEvents.covers(this.#groups.flushedSeq)) {
        lagging.push(...this.#skipDeleted());
        break;
      }
      this.#batch ??= new FrameBatch(this.#recentEvents, this.#groups.flushedSeq);
      const found = this.#batch.find(this.#groups, matches);
      matches = found.left;
      if (!found.isDone) break;
      if (!this.#sendBatch(this.#batch, room, lagging)) break;
      this.#groups.flushed(this.#batch.roundTo);
      this.#batch = undefined;
      isRoundOver = true;
      lagging.push(...this.#sendDueProgress());
      if (isSpent(room)) break;
    }
    return isRoundOver;
  }

  /** Events were deleted before they were flushed: the groups find that out from the log, before anything else is sent. */
  #skipDeleted(): readonly Lagging<S>[] {
    const { oldest } = this.#recentEvents;
    const behind = [...this.#groups.groups].filter((group) => this.#groups.positionOf(group) < oldest - 1);
    const lagging = behind.flatMap(({ sockets }) => [...sockets].map((socket) => this.#sender.asLagging(socket)));
    this.#groups.flushed(oldest - 1);
    return lagging;
  }

  /** Takes what it sends from `room`. @returns whether all whose turn it was were sent to */
  #sendBatch(batch: FrameBatch<S>, room: Room, lagging: Lagging<S>[]): boolean {
    for (const subscription of batch.subscriptions) {
      const heard = batch.eventsFor(subscription);
      for (const group of this.#groups.behind(subscription, batch.roundTo)) {
        const position = this.#groups.positionOf(group);
        const matching = (heard[0]?.seq ?? 0) > position ? heard : heard.filter(({ seq }) => seq > position);
        if (matching.length === 0) continue;
        if (isSpent(room)) return false;
        const frames = framesFor(group, matching, { epoch: this.#recentEvents.cursor.epoch, seq: batch.to });
        const next = firstOf(group.sockets, Math.ceil(room.frames / frames.length));
        const events = matching.length;
        const prepared = this.#sender.prepare(next, { frames, events, bytes: bytesOf(matching), to: batch.to });
        const sockets = next.slice(0, Math.ceil(room.bytes / prepared.maxBytes));
        const isAll = sockets.length === group.sockets.size;
        room.bytes -= prepared.maxBytes * sockets.length;
        room.frames -= frames.length * sockets.length;
        lagging.push(...this.#sender.sendPrepared(group, sockets, prepared));
        if (!isAll) return false;
      }
      batch.served(subscription);
    }
    return true;
  }

  /**
   * A group without matching events must still learn its position, or its next resume would be refused as trimmed. An empty frame
   * costs as much as any other: with many subscribers it comes more rarely, or most of what is sent would be empty.
   */
  #sendDueProgress(): readonly Lagging<S>[] {
    const { flushedSeq, live } = this.#groups;
    const every = Math.max(PROGRESS_EVERY_EVENTS, live * PROGRESS_EVENTS_PER_SUBSCRIBER);
    const due = this.#groups.sentUpTo(flushedSeq - (every - BATCH_EVENTS)); // the next batch must not take it further
    const { epoch } = this.#recentEvents.cursor;
    return due.flatMap((group) => this.#sender.sendProgress(group, epoch));
  }
}

/** What a turn may still send. */
interface Room {
  bytes: number;
  frames: number;
}

function isSpent({ bytes, frames }: Room): boolean {
  return bytes <= 0 || frames <= 0;
}

/** The events that all of these interests hear; `undefined` if more matches would have to be tried than `budget` allows. */
function heardByAll(
  events: readonly LoggedEvent[],
  interests: readonly Interest[],
  budget: number,
): readonly LoggedEvent[] | undefined {
  const filters = interests.map((interest) => new InterestFilter(interest));
  const heard: LoggedEvent[] = [];
  let left = budget;
  for (const event of events) {
    if (filters.every(({ wanted }) => wanted === null || wanted(event.type))) heard.push(event);
    for (const filter of filters) left -= filter.takeCost();
    if (left < 0) return undefined;
  }
  return heard;
}

/** Of a frame with these events, at most. */
function bytesOf(events: readonly LoggedEvent[]): number {
  return events.reduce((sum, event) => sum + event.bytes + 1, EVENTS_FRAME_BYTES);
}

function firstOf<T>(items: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const item of items) {
    if (first.length === count) break;
    first.push(item);
  }
  return first;
}
