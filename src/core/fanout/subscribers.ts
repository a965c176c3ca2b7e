// Everybody who is connected, over a log that they only read: live, or catching up. What a relay has too, whose log is elsewhere.
import { type Cursor, ORIGIN } from "../../wire/cursor.ts";
import { encodeOldEvent } from "../../wire/legacy-dialect.ts";
import { MAX_UNANSWERED_BYTES } from "../../wire/limits.ts";
import type { Patterns } from "../../wire/pattern.ts";
import { type ClosingCode, refuse } from "../../wire/problem.ts";
import { encodeError, encodeEvents } from "../../wire/server-frame.ts";
import { heartbeat } from "../bus/ephemeral.ts";
import type { Moment } from "../clock.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { Tail } from "../log/recent-events.ts";
import { Addresses } from "../session/rate-limit.ts";
import { Broadcast } from "./broadcast.ts";
import { acknowledge, CATCH_UP_START, demoted, pull } from "./catch-up.ts";
import { closeFor } from "./closing.ts";
import type { PacingPorts } from "./flush-scheduler.ts";
import { replayOld } from "./legacy-replay.ts";
import { Backlog } from "./memory-budget.ts";
import { Waiting } from "./send-buffer.ts";
import type { Slow } from "./sender.ts";
import { type Socket, sendQuietly } from "./socket.ts";
import { Audience, type Reader } from "./subscriber-groups.ts";
import { EXPIRED, Expiry } from "./token-expiry.ts";

/** What readers take from their surroundings. */
export interface ReadersPorts<S extends Socket> extends PacingPorts {
  /** Writes what must outlive memory on the socket; `restore` is handed it after a wake. */
  keep(socket: S, reader: Reader): void;
  /** When a socket's last ping was answered, in ms since 1970. */
  pingMs(socket: S): number | null;
  /** Is told once of each reader that was forgotten. */
  gone(clientId: string): void;
}

export class Readers<S extends Socket> {
  /** Whose rights end, and when. */
  readonly expiry = new Expiry<S>();
  /** Takes what is appended, and tells it to who is live. */
  readonly broadcast: Broadcast<S>;
  readonly #audience = new Audience<S>();
  readonly #tail: Tail;
  readonly #waiting: Waiting<S>;
  readonly #backlog: Backlog<S>;
  readonly #ports: ReadersPorts<S>;
  readonly #addresses = new Addresses<S>();

  constructor(log: ReadableLog, ports: ReadersPorts<S>) {
    this.#ports = ports;
    this.#tail = new Tail(log);
    this.#waiting = new Waiting(ports.pingMs);
    this.#backlog = new Backlog(this.#waiting);
    this.#audience.servedTo = log.cursor.seq; // memory does not go while something waits to be told
    const stage = { audience: this.#audience, tail: this.#tail, waiting: this.#waiting, backlog: this.#backlog };
    const expire = () => this.expire(ports.nowMs());
    this.broadcast = new Broadcast(stage, (slow) => this.#demote(slow), { ...ports, beforeSending: expire });
  }

  get count(): number {
    return this.#audience.size;
  }

  get catchingUp(): number {
    return this.#audience.catchingUp;
  }

  readerOf(socket: S): Reader | undefined {
    return this.#audience.readerOf(socket);
  }

  get sockets(): Iterable<S> {
    return this.#audience.sockets;
  }

  /** How many sockets come from an address, where addresses are counted. */
  countFrom(address: string): number {
    return this.#addresses.countOf(address);
  }

  /** Answers a message: not of the log, but it waits on the socket as everything else does. */
  answer(socket: S, text: string): void {
    sendQuietly(socket, text);
    this.#backlog.sent(text.length);
  }

  /** Whether no more can be answered on a socket: what was is not taken, and is too much, of it or of all together. */
  isClogged(socket: S): boolean {
    const waits = this.#waiting.on(socket);
    return waits > MAX_UNANSWERED_BYTES || (waits > 0 && this.#backlog.isOver(this.#audience));
  }

  /** What waits on a socket, in bytes. */
  waitingOn(socket: S): number {
    return this.#waiting.on(socket);
  }

  /** Brings a reader that was welcomed to the head, or begins to: in the turn in which it came. */
  begin(socket: S, reader: Reader, at: Moment): void {
    this.#addresses.add(socket, reader.address);
    if (reader.dialect === "v1") this.#pull(socket, reader);
    else this.#replayOld(socket, reader, at);
  }

  /** Takes back a socket that outlived the object's memory. @param toldTo up to which all live ones are told everything */
  restore(socket: S, reader: Reader, toldTo = 0): void {
    const told = reader.catchUp === null ? Math.max(reader.told, toldTo) : reader.told;
    this.#audience.seat(socket, { ...reader, told }, this.#audience.servedTo);
    this.expiry.note(socket, reader);
    this.#addresses.add(socket, reader.address);
  }

  /** Forgets a socket that closes or broke. */
  leave(socket: S): void {
    this.#backlog.gone(socket);
    this.#addresses.remove(socket);
    const reader = this.#audience.readerOf(socket);
    if (!reader) return; // the hub closed it, and has forgotten it already
    this.#audience.remove(socket);
    this.expiry.forget(socket);
    this.#ports.gone(reader.clientId);
  }

  /**
   * Warns sockets whose rights are about to end, and closes those whose rights are over. The alarm calls it, and each
   * turn of sending before it begins: an alarm may be late or lost, and nothing may be sent to a socket after its end.
   *
   * @param untilMs what is due until then, as Unix time in ms
   */
  expire(untilMs: number): void {
    if (this.expiry.nextMs === null || this.expiry.nextMs > untilMs) return;
    const nowMs = this.#ports.nowMs();
    for (const [socket, isEnd] of this.expiry.due(untilMs)) {
      const reader = this.#audience.readerOf(socket);
      if (!reader) continue; // it left with one before it
      if (isEnd || (reader.expiresMs ?? nowMs) <= nowMs) this.close(socket, "unauthorized", EXPIRED);
      else {
        const { problem } = refuse("token_expiring", "The token is about to expire: send a fresh one in an `auth`.");
        sendQuietly(socket, encodeError(problem));
        this.note(socket, { ...reader, warnMs: null });
      }
    }
  }

  /** What a reader has taken in lets the next pages go. @returns whether it was news */
  acknowledge(socket: S, reader: Reader, { epoch, seq }: Cursor): boolean {
    const group = this.#audience.groupOf(socket);
    const told = group ? this.#audience.placeOf(group) : reader.told;
    if (epoch === ORIGIN.epoch && seq === ORIGIN.seq) return false; // it was said before the log was born
    if (epoch !== this.#tail.cursor.epoch) this.close(socket, "too_slow", "That is of another epoch: come back.");
    else if (seq > told) this.close(socket, "protocol_error", "That acknowledges what was never sent.");
    else {
      const isTaken = this.#waiting.taken(socket, seq);
      if (reader.catchUp === null) return isTaken;
      const catchUp = acknowledge(reader.catchUp, seq);
      // Pages that still wait here need no company: the acknowledgement of the last of them pulls the next ones.
      const isFull = catchUp.unacked.length > 0 && this.#waiting.on(socket) > 0;
      if (isFull) this.seat(socket, { ...reader, catchUp });
      else this.#pull(socket, { ...reader, catchUp });
      return catchUp.unacked.length < reader.catchUp.unacked.length;
    }
    return false;
  }

  /**
   * Before a live reader becomes another: it is sent what it hears as the one it was.
   *
   * @param allowed and may hear as the other @returns what it then is, if anything
   */
  bringToHead(socket: S, allowed: Patterns = null): Reader | undefined {
    this.broadcast.bringToHead(socket, allowed);
    const reader = this.#audience.readerOf(socket);
    return reader?.catchUp === null ? { ...reader, told: this.#tail.cursor.seq } : reader;
  }

  /** Gives a reader another state or subscription, which outlives memory. A live one MUST stand at the head. */
  seat(socket: S, reader: Reader): void {
    this.#audience.seat(socket, reader, reader.told);
    this.expiry.note(socket, reader);
    this.#ports.keep(socket, reader);
  }

  /** Remembers of a reader when it was heard, or that it was warned: nothing else may have changed. */
  note(socket: S, reader: Reader): void {
    this.#audience.note(socket, reader);
    this.expiry.note(socket, reader);
    this.#ports.keep(socket, reader);
  }

  /** Ends a socket that was welcomed, and forgets it: the peer may never answer. @param reason in a sentence */
  close(socket: S, code: ClosingCode, reason: string): void {
    const dialect = this.#audience.readerOf(socket)?.dialect;
    this.leave(socket);
    closeFor(socket, dialect ?? "old", code, reason);
    this.#backlog.closing(socket);
  }

  /** From live to catching up: an empty frame marks where they are, and they ask for the rest when they get there. */
  #demote(slow: readonly Slow<S>[]): void {
    const { epoch } = this.#tail.cursor;
    const tooOld: S[] = [];
    for (const { socket, after, place } of slow) {
      const reader = this.#audience.readerOf(socket);
      if (reader?.catchUp !== null) continue; // a turn may find it slow twice: the first time says where it is
      if (reader.dialect === "v1") {
        sendQuietly(socket, encodeEvents(after, { epoch, seq: place }, [], true));
        this.seat(socket, { ...reader, told: place, catchUp: demoted(place) });
      } else tooOld.push(socket); // it cannot acknowledge
    }
    // Only then: others are told who has gone, and must find everybody where they belong.
    for (const socket of tooOld.filter((each) => this.#audience.readerOf(each))) {
      this.close(socket, "too_slow", "Too much waits on this socket: come back with the cursor you have reached.");
    }
  }

  #pull(socket: S, reader: Reader): void {
    const { frames, told, bytes, catchUp } = pull(this.#tail, reader.told, reader, reader.catchUp ?? CATCH_UP_START);
    for (const frame of frames) sendQuietly(socket, frame);
    this.#waiting.sent(socket, bytes, told);
    this.#backlog.sent(bytes);
    this.seat(socket, { ...reader, told, catchUp });
  }

  #replayOld(socket: S, reader: Reader, at: Moment): void {
    const { epoch } = this.#tail.cursor;
    const { frames, to, complete } = replayOld(this.#tail, reader.told, reader);
    for (const frame of frames) sendQuietly(socket, frame);
    if (complete) this.seat(socket, { ...reader, told: to, catchUp: null });
    else {
      // It may have heard nothing for 10,000 events: the heartbeat's cursor is the place to come back with.
      const beat = heartbeat(this.#audience.size, this.#tail.cursor.seq, at);
      sendQuietly(socket, encodeOldEvent(beat.event, { epoch, seq: to }));
      this.close(socket, "too_slow", "Come back with the cursor that you have reached.");
    }
  }
}
