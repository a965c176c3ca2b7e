// All connected sockets, live or catching up, over a log that they only read: so a relay, whose log is elsewhere, has it too.
import type { ClosingCode } from "../../wire/close-code.ts";
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import { encodeLegacyEvent } from "../../wire/legacy-dialect.ts";
import { MAX_UNANSWERED_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { err, PROBLEMS } from "../../wire/problem.ts";
import { encodeError, encodeEvents } from "../../wire/server-frame.ts";
import type { Interest } from "../access/match.ts";
import { includes } from "../access/rights.ts";
import { heartbeat } from "../bus/ephemeral.ts";
import type { ClockTime } from "../clock.ts";
import type { Counts } from "../counts/counts.ts";
import { type Reading, type Survey, surveyOf } from "../counts/survey.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { RecentEvents } from "../log/recent-events.ts";
import { Addresses } from "./addresses.ts";
import { acknowledge, demoted, type Encode, pull } from "./catch-up.ts";
import { closeFor } from "./closing.ts";
import { DeflatedFrames } from "./deflated-frames.ts";
import { Fanout } from "./fanout.ts";
import type { FlushPorts } from "./flush-scheduler.ts";
import { LatePages } from "./late-pages.ts";
import { replayLegacy } from "./legacy-replay.ts";
import { MemoryBudget } from "./memory-budget.ts";
import { PageQueue, type Served, SHARE_COST } from "./page-queue.ts";
import { SendBuffer } from "./send-buffer.ts";
import type { Lagging } from "./sender.ts";
import { type Socket, sendQuietly } from "./socket.ts";
import type { Subscriber } from "./subscriber.ts";
import { SubscriberGroups } from "./subscriber-groups.ts";
import { EXPIRED, Expiry } from "./token-expiry.ts";

/** What subscribers take from their surroundings. */
export interface SubscribersPorts<S extends Socket> extends FlushPorts {
  readonly counts: Counts;
  /** Writes what must outlive memory on the socket; `restore` is handed it after a wake. */
  keep(socket: S, subscriber: Subscriber): void;
  /** The end of a socket is known: what was kept MUST NOT be restored, nor taken for that of a socket whose end is not. */
  forget(socket: S): void;
  /** When a socket's last ping was answered, as Unix time in ms; `null`: it never sent one. */
  pingMs(socket: S): number | null;
  /** Compresses a text, in UTF-8, as one raw stream of RFC 1951. */
  deflate(text: string): Uint8Array;
  /** Is called once for each subscriber that is removed. */
  gone(clientId: string): void;
}

export class Subscribers<S extends Socket> {
  /** When the tokens of sockets end. */
  readonly expiry = new Expiry<S>();
  /** Sends what is appended to the live ones. */
  readonly fanout: Fanout<S>;
  readonly #groups: SubscriberGroups<S>;
  readonly #recentEvents: RecentEvents;
  readonly #sendBuffer: SendBuffer<S>;
  readonly #memoryBudget: MemoryBudget<S>;
  readonly #deflatedFrames: DeflatedFrames;
  readonly #ports: SubscribersPorts<S>;
  readonly #addresses = new Addresses<S>();
  readonly #latePages = new LatePages<S>();
  /** Those that came with a cursor, and were sent no event since. */
  readonly #resuming = new WeakSet<S>();
  readonly #pages: PageQueue<S>;

  constructor(log: ReadableLog, ports: SubscribersPorts<S>) {
    this.#ports = ports;
    this.#recentEvents = new RecentEvents(log);
    this.#sendBuffer = new SendBuffer(ports.pingMs);
    this.#memoryBudget = new MemoryBudget(this.#sendBuffer);
    this.#groups = new SubscriberGroups(log.cursor.seq);
    this.#deflatedFrames = new DeflatedFrames((text) => ports.deflate(text));
    const state = {
      groups: this.#groups,
      recentEvents: this.#recentEvents,
      sendBuffer: this.#sendBuffer,
      memoryBudget: this.#memoryBudget,
      deflatedFrames: this.#deflatedFrames,
      counts: ports.counts,
    };
    const beforeSending = () => {
      this.#deflatedFrames.beginTurn();
      this.expire(ports.nowMs());
    };
    this.fanout = new Fanout(state, { ...ports, beforeSending, demote: (lagging) => this.#demote(lagging) });
    this.#pages = new PageQueue({ ...ports, beforeSending, serve: (socket) => this.#serve(socket) });
  }

  get count(): number {
    return this.#groups.size;
  }

  get catchingUp(): number {
    return this.#groups.catchingUp;
  }

  subscriberOf(socket: S): Subscriber | undefined {
    return this.#groups.subscriberOf(socket);
  }

  get sockets(): Iterable<S> {
    return this.#groups.sockets;
  }

  /** Whether a socket may have these patterns, in place of those that it has if it is among them. */
  hasRoomFor(socket: S, interest: Interest): boolean {
    return this.#groups.patterns.hasRoomFor(socket, interest);
  }

  /** How many sockets an address has, where addresses are counted. */
  countFrom(address: string): number {
    return this.#addresses.countOf(address);
  }

  /** Those of an address, where addresses are counted. */
  socketsFrom(address: string): ReadonlySet<S> {
    return this.#addresses.socketsOf(address);
  }

  /** Answers a message. The answer counts towards the memory budget as everything else does. */
  answer(socket: S, text: string): void {
    sendQuietly(socket, text);
    this.#memoryBudget.sent(text.length);
  }

  /** Whether so much is buffered on a socket, or on all together, that no more may be answered on it. */
  isClogged(socket: S): boolean {
    const waits = this.#sendBuffer.on(socket);
    return waits > MAX_UNANSWERED_BYTES || (waits > 0 && this.#memoryBudget.isOver(this.#groups));
  }

  /** The bytes queued on a socket. */
  bufferedOn(socket: S): number {
    return this.#sendBuffer.on(socket);
  }

  /** What the sockets are doing. */
  survey(): Survey {
    const { seq: head } = this.#recentEvents.cursor;
    const read = (socket: S): Reading | undefined => {
      const subscriber = this.#groups.subscriberOf(socket);
      if (!subscriber) return undefined;
      const { clientId, sub, dialect, encoding } = subscriber;
      const group = this.#groups.groupOf(socket);
      const lag = head - (group ? this.#groups.positionOf(group) : subscriber.sentSeq);
      return { clientId, sub, dialect, encoding, isLive: group !== undefined, lag, buffered: this.bufferedOn(socket) };
    };
    const heardMs = (socket: S) =>
      Math.max(this.#groups.subscriberOf(socket)?.heardMs ?? 0, this.#ports.pingMs(socket) ?? 0);
    return surveyOf(this.#groups.sockets, read, heardMs);
  }

  /**
   * Tells all clients of v1 that may hear a type, whatever they are subscribed to now: they may have it from before. One on which
   * too much is buffered is not told.
   */
  tell(text: string, type: string): void {
    this.expire(this.#ports.nowMs());
    for (const socket of [...this.#groups.sockets]) {
      const subscriber = this.#groups.subscriberOf(socket);
      const mayKnow = subscriber?.dialect === "v1" && includes(subscriber.allowed, type);
      if (mayKnow && !this.isClogged(socket)) this.answer(socket, text);
    }
  }

  /** Closes those that `isOver` says. @returns how many */
  closeAll(isOver: (subscriber: Subscriber) => boolean, code: ClosingCode, reason: string): number {
    const over = [...this.#groups.sockets].filter((socket) => {
      const subscriber = this.#groups.subscriberOf(socket);
      return subscriber !== undefined && isOver(subscriber);
    });
    for (const socket of over) this.close(socket, code, reason);
    return over.length;
  }

  /**
   * Brings a socket that was welcomed to the head, or begins to, in the turn of its welcome, or as soon as others let it.
   *
   * @param isResuming whether it came with a cursor
   */
  begin(socket: S, subscriber: Subscriber, at: ClockTime, isResuming: boolean): void {
    this.#addresses.add(socket, subscriber.address);
    if (isResuming) this.#resuming.add(socket);
    if (subscriber.dialect === "v1") this.#askForPages(socket, subscriber);
    else this.#replayLegacy(socket, subscriber, at);
  }

  /** Restores a socket after a wake. @param flushedSeq up to which seq all live ones were sent everything */
  restore(socket: S, subscriber: Subscriber, flushedSeq = 0): void {
    const sentSeq = subscriber.catchUp === null ? Math.max(subscriber.sentSeq, flushedSeq) : subscriber.sentSeq;
    this.#groups.seat(socket, { ...subscriber, sentSeq }, this.#groups.flushedSeq);
    this.expiry.note(socket, subscriber);
    this.#addresses.add(socket, subscriber.address);
    if (subscriber.catchUp?.unacked.length === 0) this.#pages.wait(socket); // it waited before, and owes no ack
  }

  /** Removes a socket that closed or broke. @param code with which it did, as the runtime reports it */
  leave(socket: S, code: number): void {
    this.#memoryBudget.gone(socket);
    this.#pages.forget(socket);
    this.#addresses.remove(socket);
    const subscriber = this.#groups.subscriberOf(socket);
    if (!subscriber) return; // the hub closed it, and has removed it already
    this.#groups.remove(socket);
    this.expiry.forget(socket);
    this.#ports.forget(socket);
    this.#ports.counts.closed(code);
    this.#ports.gone(subscriber.clientId);
  }

  /**
   * Warns sockets whose rights are about to end, and closes those whose rights are over. The alarm calls it, and each
   * turn of sending before it begins: an alarm may be late or lost, and nothing may be sent to a socket after its end.
   *
   * @param untilMs what is due until then, as Unix time in ms
   */
  expire(untilMs: number): void {
    if (this.expiry.nextMs === null || this.expiry.nextMs > untilMs) return;
    for (const [socket, isEnd] of this.expiry.due(untilMs)) {
      try {
        this.#expireOne(socket, isEnd);
      } catch (error) {
        this.#ports.report("The end of a token", error); // the others' tokens end none the less
      }
    }
  }

  #expireOne(socket: S, isEnd: boolean): void {
    const subscriber = this.#groups.subscriberOf(socket);
    if (!subscriber) return; // it was closed with an earlier one
    const nowMs = this.#ports.nowMs();
    if (isEnd || (subscriber.expiresMs ?? nowMs) <= nowMs) this.close(socket, "unauthorized", EXPIRED);
    else if (subscriber.warnMs !== null) {
      // `null`: the close of an earlier one was announced, and that turn of sending has warned it.
      const { problem } = err("token_expiring", "The token is about to expire: send a fresh one in an `auth`.");
      sendQuietly(socket, encodeError(problem));
      this.note(socket, { ...subscriber, warnMs: null });
    }
  }

  /** Handles an ack, which pulls the next pages. @returns whether it acknowledged anything new */
  acknowledge(socket: S, subscriber: Subscriber, { epoch, seq }: Cursor): boolean {
    const group = this.#groups.groupOf(socket);
    const sentSeq = group ? this.#groups.positionOf(group) : subscriber.sentSeq;
    if (epoch === ORIGIN.epoch && seq === ORIGIN.seq) return false; // from before the first event
    if (epoch !== this.#recentEvents.cursor.epoch)
      this.close(socket, "too_slow", "This ack is of another epoch: reconnect.");
    else if (seq > sentSeq) this.close(socket, "protocol_error", "This ack is beyond what was sent.");
    else {
      const isTaken = this.#sendBuffer.taken(socket, seq);
      const isLate = this.#latePages.acknowledge(socket, seq);
      if (subscriber.catchUp === null) return isTaken || isLate;
      const catchUp = acknowledge(subscriber.catchUp, seq);
      // While pages are still buffered none is added: the ack of the last of them pulls the next ones.
      const isFull = catchUp.unacked.length > 0 && this.#sendBuffer.on(socket) > 0;
      if (isFull) this.seat(socket, { ...subscriber, catchUp });
      else this.#askForPages(socket, { ...subscriber, catchUp });
      return catchUp.unacked.length < subscriber.catchUp.unacked.length || isLate;
    }
    return false;
  }

  /**
   * Sends a live socket what is pending under its present subscription and rights, before they change.
   *
   * @param allowed what its next rights allow, too @returns its state then; `undefined` if it was closed
   */
  bringToHead(socket: S, allowed: Patterns = null): Subscriber | undefined {
    this.fanout.bringToHead(socket, allowed);
    const subscriber = this.#groups.subscriberOf(socket);
    return subscriber?.catchUp === null ? { ...subscriber, sentSeq: this.#recentEvents.cursor.seq } : subscriber;
  }

  /** Sets a socket's state, and persists it. A live one MUST be at the head. */
  seat(socket: S, subscriber: Subscriber): void {
    this.#groups.seat(socket, subscriber, subscriber.sentSeq);
    this.expiry.note(socket, subscriber);
    this.#ports.keep(socket, subscriber);
  }

  /** Persists when a socket was heard, or that it was warned: nothing else may have changed. */
  note(socket: S, subscriber: Subscriber): void {
    this.#groups.note(socket, subscriber);
    this.expiry.note(socket, subscriber);
    this.#ports.keep(socket, subscriber);
  }

  /** Closes a socket that was welcomed, and removes it: the peer may never answer. @param reason a sentence */
  close(socket: S, code: ClosingCode, reason: string): void {
    const dialect = this.#groups.subscriberOf(socket)?.dialect;
    this.leave(socket, PROBLEMS[code].close);
    closeFor(socket, dialect ?? "legacy", code, reason);
    this.#memoryBudget.closing(socket);
  }

  /** From live to catching up: an empty frame marks each one's position, and its ack pulls the rest. */
  #demote(lagging: readonly Lagging<S>[]): void {
    const { epoch } = this.#recentEvents.cursor;
    const tooOld: S[] = [];
    for (const { socket, after, position } of lagging) {
      const subscriber = this.#groups.subscriberOf(socket);
      if (subscriber?.catchUp !== null) continue; // a turn may find it lagging twice: the first one has its position
      if (subscriber.dialect === "v1") {
        sendQuietly(socket, encodeEvents(after, { epoch, seq: position }, [], true));
        this.seat(socket, { ...subscriber, sentSeq: position, catchUp: demoted(position) });
      } else tooOld.push(socket); // it cannot acknowledge
    }
    // Only then: a close is announced to the others, whose state must be right.
    for (const socket of tooOld.filter((each) => this.#groups.subscriberOf(each))) {
      this.close(socket, "too_slow", "Too much is buffered on this connection: reconnect with your cursor.");
    }
  }

  /** Sends a socket that is not live the next pages, or has it wait for them. One that has read everything does not wait. */
  #askForPages(socket: S, subscriber: Subscriber): void {
    this.#groups.seat(socket, subscriber, subscriber.sentSeq);
    if (subscriber.sentSeq === this.#recentEvents.cursor.seq) this.#serve(socket);
    else this.#pages.ask(socket);
    const isServed = this.#groups.subscriberOf(socket) !== subscriber;
    if (!isServed) this.seat(socket, subscriber);
  }

  /** Sends the next pages to a socket that may have left, or become live, since it asked for them. */
  #serve(socket: S): Served {
    const subscriber = this.#groups.subscriberOf(socket);
    const window = subscriber?.catchUp ?? null;
    if (!subscriber || window === null) return { cost: 0, isHungry: false };
    const isInflating = this.#groups.inflates(socket);
    const encode: Encode = (text, size) => (isInflating ? this.#deflatedFrames.formFor(text, size, 1) : text);
    const pulled = pull(this.#recentEvents, subscriber.sentSeq, subscriber, window, SHARE_COST, encode);
    const { frames, events, isReset, sentSeq, bytes, catchUp, unacked, cost, isHungry } = pulled;
    for (const frame of frames) sendQuietly(socket, frame);
    if (isReset) this.#ports.counts.reset("trimmed");
    this.#delivered(socket, events, catchUp === null);
    this.#sendBuffer.sent(socket, bytes, sentSeq);
    this.#memoryBudget.sent(bytes);
    if (catchUp === null) this.#latePages.note(socket, unacked);
    this.seat(socket, { ...subscriber, sentSeq, catchUp });
    return { cost, isHungry };
  }

  /** Events of the log were sent that a socket had missed. @param isAll whether it has missed no more */
  #delivered(socket: S, events: number, isAll: boolean): void {
    const { counts } = this.#ports;
    counts.delivered(events);
    const isResuming = this.#resuming.has(socket);
    if (isResuming && events > 0) counts.replayed();
    if (events > 0 || isAll) this.#resuming.delete(socket); // what it misses later it has not come for
  }

  #replayLegacy(socket: S, subscriber: Subscriber, at: ClockTime): void {
    const { epoch } = this.#recentEvents.cursor;
    const { frames, to, complete } = replayLegacy(this.#recentEvents, subscriber.sentSeq, subscriber);
    for (const frame of frames) sendQuietly(socket, frame);
    this.#delivered(socket, frames.length, true);
    if (complete) this.seat(socket, { ...subscriber, sentSeq: to, catchUp: null });
    else {
      // Of 10,000 events none may match: the heartbeat's cursor is the one to resume after.
      const beat = heartbeat(this.#groups.size, this.#recentEvents.cursor.seq, at);
      sendQuietly(socket, encodeLegacyEvent(beat.event, { epoch, seq: to }));
      this.close(socket, "too_slow", "Reconnect with your cursor for the rest.");
    }
  }
}
