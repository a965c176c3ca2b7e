// Everybody who is connected, over a log that they only read: live, or catching up. What a relay has too, whose log is elsewhere.
import type { Cursor } from "../wire/cursor.ts";
import { encodeOldEvent } from "../wire/old-dialect.ts";
import { PROBLEMS } from "../wire/problem.ts";
import { encodeEvents } from "../wire/server-frame.ts";
import { Audience, type Reader } from "./audience.ts";
import { acknowledge, CATCH_UP_START, demoted, pull } from "./catch-up.ts";
import { heartbeat } from "./ephemeral.ts";
import { fanOut, fanOutEphemeral, fanOutProgress, type Slow } from "./fan-out.ts";
import { isGhost } from "./ghost.ts";
import type { LoggedEvent, ReadableLog } from "./log.ts";
import type { Moment } from "./moment.ts";
import { replayOld } from "./old-replay.ts";
import type { Carried } from "./reactor.ts";
import { type Socket, sendQuietly } from "./socket.ts";

export class Readers<S extends Socket> {
  readonly #audience = new Audience<S>();
  readonly #log: ReadableLog;
  readonly #keep: (socket: S, reader: Reader) => void;
  readonly #gone: (clientId: string) => void;
  /** What waited on a socket when that was last looked at, and when it was last seen to get less. */
  readonly #waited = new WeakMap<S, { readonly bytes: number; readonly movedMs: number | null }>();
  /** Up to which seq everything was sent to who is live and hears it. */
  #toldTo: number;

  /**
   * @param keep writes what must outlive memory on the socket; `restore` is handed it after a wake
   * @param gone is told once of each reader that was forgotten
   */
  constructor(log: ReadableLog, keep: (socket: S, reader: Reader) => void, gone: (clientId: string) => void) {
    this.#log = log;
    this.#keep = keep;
    this.#gone = gone;
    this.#toldTo = log.cursor.seq; // what is appended is told in the same turn, and memory does not go within one
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

  /** Brings a reader that was welcomed to the head, or begins to: in the turn in which it came. */
  begin(socket: S, reader: Reader, at: Moment): void {
    if (reader.dialect === "v1") this.#pull(socket, reader);
    else this.#replayOld(socket, reader, at);
  }

  /** Takes back a socket that outlived the object's memory. @param toldTo up to which all live ones are told everything */
  restore(socket: S, reader: Reader, toldTo = 0): void {
    const told = reader.catchUp === null ? Math.max(reader.told, toldTo) : reader.told;
    this.#audience.seat(socket, { ...reader, told });
  }

  /** Forgets a socket that closes or broke. */
  leave(socket: S): void {
    const reader = this.#audience.readerOf(socket);
    if (!reader) return; // the hub closed it, and has forgotten it already
    this.#audience.remove(socket);
    this.#gone(reader.clientId);
  }

  /** Sends the log's newest events to those who are live and hear them. MUST be told of every append, at once. */
  tell(events: readonly LoggedEvent[]): void {
    const { cursor } = this.#log;
    // If an append was never told, because something broke then, the log still has it.
    const isNext = events[0]?.seq === this.#toldTo + 1;
    const slow = fanOut(this.#audience, isNext ? events : [...this.#log.read(this.#toldTo)], cursor);
    const before = this.#toldTo;
    this.#toldTo = cursor.seq;
    this.#demote(slow, before);
  }

  /** Tells who hears little how far the log has come, before events below `seq` are let go. */
  tellProgress(seq: number): void {
    this.bringToHead();
    this.#demote(fanOutProgress(this.#audience, seq, this.#log.cursor), this.#toldTo);
  }

  /** Sends an event that is not logged to those who are live and hear it, and tells all how far the log has come. */
  tellEphemeral(event: Carried): void {
    this.bringToHead();
    this.#demote(fanOutEphemeral(this.#audience, event, this.#log.cursor), this.#toldTo);
  }

  /** @param pingMs when a socket's last ping was answered */
  reapGhosts(nowMs: number, pingMs: (socket: S) => number | null): void {
    for (const socket of [...this.#audience.sockets]) {
      const reader = this.#audience.readerOf(socket);
      if (!reader) continue;
      const waits = socket.bufferedAmount ?? 0;
      const before = this.#waited.get(socket);
      const movedMs = before && waits < before.bytes ? nowMs : (before?.movedMs ?? null);
      if (waits > 0) this.#waited.set(socket, { bytes: waits, movedMs });
      else this.#waited.delete(socket);
      const owes = (reader.catchUp?.unacked.length ?? 0) > 0;
      const life = { heardMs: reader.heardMs, pingMs: pingMs(socket), owes, movedMs };
      if (isGhost(life, nowMs)) this.close(socket, "too_slow", "Nothing was heard from this socket for too long.");
    }
  }

  /** What a reader has taken in lets the next pages go. */
  acknowledge(socket: S, reader: Reader, { epoch, seq }: Cursor): void {
    const head = this.#log.cursor;
    const told = reader.catchUp === null ? head.seq : reader.told;
    if (epoch !== head.epoch) this.close(socket, "too_slow", "That is of another epoch: come back.");
    else if (seq > told) {
      this.close(socket, "protocol_error", "That acknowledges what was never sent.");
    } else if (reader.catchUp !== null) {
      const catchUp = acknowledge(reader.catchUp, seq);
      // Pages that still wait here need no company: the acknowledgement of the last of them pulls the next ones.
      const isFull = catchUp.unacked.length > 0 && (socket.bufferedAmount ?? 0) > 0;
      if (isFull) this.seat(socket, { ...reader, catchUp });
      else this.#pull(socket, { ...reader, catchUp });
    }
  }

  /**
   * From live to catching up: an empty frame marks where the readers are, and they ask for the rest when they get there.
   *
   * @param told up to which seq they were sent all that they hear, as everybody was before what they were left out of
   */
  #demote(slow: readonly Slow<S>[], told: number): void {
    const { epoch } = this.#log.cursor;
    const tooOld: S[] = [];
    for (const { socket, after } of slow) {
      const reader = this.#audience.readerOf(socket);
      if (reader?.dialect === "v1") {
        sendQuietly(socket, encodeEvents(after, { epoch, seq: told }, [], true));
        this.seat(socket, { ...reader, told, catchUp: demoted(told) });
      } else tooOld.push(socket); // it cannot acknowledge
    }
    // Only then: others are told who has gone, and must find everybody where they belong.
    for (const socket of tooOld.filter((each) => this.#audience.readerOf(each))) {
      this.close(socket, "too_slow", "Too much waits on this socket: come back with the cursor you have reached.");
    }
  }

  #pull(socket: S, reader: Reader): void {
    const { frames, told, catchUp } = pull(this.#log, reader.told, reader, reader.catchUp ?? CATCH_UP_START);
    for (const frame of frames) sendQuietly(socket, frame);
    this.seat(socket, { ...reader, told, catchUp });
  }

  #replayOld(socket: S, reader: Reader, at: Moment): void {
    const { frames, to, complete } = replayOld(this.#log, reader.told, reader);
    for (const frame of frames) sendQuietly(socket, frame);
    if (complete) this.seat(socket, { ...reader, told: to, catchUp: null });
    else {
      // It may have heard nothing for 10,000 events: the heartbeat's cursor is the place to come back with.
      const beat = heartbeat(this.#audience.size, this.#log.cursor.seq, at);
      sendQuietly(socket, encodeOldEvent(beat.event, { epoch: this.#log.cursor.epoch, seq: to }));
      this.close(socket, "too_slow", "Come back with the cursor that you have reached.");
    }
  }

  /** Nobody is seated anew, and nothing said of a place, before everybody has been told what was appended. */
  bringToHead(): void {
    if (this.#toldTo !== this.#log.cursor.seq) this.tell([]);
  }

  /** Gives a reader another state or subscription, which outlives memory. */
  seat(socket: S, reader: Reader): void {
    this.#audience.seat(socket, reader);
    this.#keep(socket, reader);
  }

  /** Remembers of a reader when it was heard: nothing else may have changed. */
  note(socket: S, reader: Reader): void {
    this.#audience.note(socket, reader);
    this.#keep(socket, reader);
  }

  /** Ends a socket, and forgets it: the peer may never answer. */
  close(socket: S, code: "protocol_error" | "too_slow", reason: string): void {
    this.leave(socket);
    socket.close(PROBLEMS[code].close, reason);
  }
}
