// Everybody who is connected, over a log that they only read: how they come, what they say, what they are sent.
import { decodeClientFrame } from "../wire/client-frame.ts";
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import { parseObject } from "../wire/json.ts";
import { MAX_MESSAGE_BYTES, PING_AFTER_MS } from "../wire/limits.ts";
import { decodeOldSubscribe, encodeEcho, encodeOldEvent, encodeOldWelcome } from "../wire/old-dialect.ts";
import { type Patterns, parsePatterns } from "../wire/pattern.ts";
import { PROBLEMS, type Problem } from "../wire/problem.ts";
import { encodeError, encodeReset, encodeSubscribed, encodeWelcome } from "../wire/server-frame.ts";
import { utf8Bytes } from "../wire/utf8.ts";
import { Audience, type Dialect, type Reader } from "./audience.ts";
import { acknowledge, CATCH_UP_START, pull } from "./catch-up.ts";
import { heartbeat } from "./ephemeral.ts";
import { fanOut, fanOutEphemeral, fanOutProgress } from "./fan-out.ts";
import type { LoggedEvent, ReadableLog } from "./log.ts";
import { checkInterest, type Interest } from "./match.ts";
import type { Moment } from "./moment.ts";
import { replayOld } from "./old-replay.ts";
import type { Carried } from "./reactor.ts";
import { resume } from "./resume.ts";
import { retryFor } from "./retry.ts";
import { type Socket, sendQuietly } from "./socket.ts";

/** What a socket brings when it attaches. */
export interface Attaching extends Interest {
  readonly clientId: string;
  readonly dialect: Dialect;
  readonly channel: string;
  /** The place to go on from; `null`: the head. */
  readonly cursor: Cursor | null;
}

export class Readers<S extends Socket> {
  readonly #audience = new Audience<S>();
  readonly #log: ReadableLog;
  readonly #keep: (socket: S, reader: Reader) => void;
  readonly #gone: (clientId: string) => void;
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

  /** Welcomes a new socket, and brings it to the head, or begins to: all in the turn in which it came. */
  attach(socket: S, attaching: Attaching, at: Moment): void {
    this.#bringToHead();
    const { clientId, dialect, channel, asked, allowed, cursor } = attaching;
    const { from, reset } = cursor === null ? { from: this.#log.cursor, reset: null } : resume(cursor, this.#log);
    const welcome = {
      message: "Connected to PulseAI Reactor",
      client_id: clientId,
      timestamp: at.iso,
      channel,
      cursor: formatCursor(reset === null && cursor !== null ? cursor : from),
      recovered: cursor === null ? null : reset === null,
      heartbeat_ms: PING_AFTER_MS,
      retry: retryFor(this.#audience.size + 1),
      ack: null,
    };
    sendQuietly(socket, dialect === "v1" ? encodeWelcome(welcome) : encodeOldWelcome(welcome));
    if (reset) sendQuietly(socket, encodeReset(reset));
    const reader: Reader = { clientId, dialect, asked, allowed, told: from.seq, catchUp: CATCH_UP_START };
    if (dialect === "v1") this.#pull(socket, reader);
    else this.#replayOld(socket, reader, at);
  }

  /** Takes back a socket that outlived the object's memory. @param toldTo up to which all live ones are told everything */
  restore(socket: S, reader: Reader, toldTo = 0): void {
    const told = reader.catchUp === null ? Math.max(reader.told, toldTo) : reader.told;
    this.#audience.seat(socket, { ...reader, told });
  }

  /** A message that the runtime did not answer by itself, as it does with `ping`. */
  hear(socket: S, message: string | ArrayBuffer): void {
    const reader = this.#audience.readerOf(socket);
    if (!reader) return; // it was closed, and this was already on its way
    if (typeof message !== "string" || utf8Bytes(message) > MAX_MESSAGE_BYTES) {
      this.#close(socket, "protocol_error", `Messages are text of at most ${MAX_MESSAGE_BYTES} bytes.`);
    } else if (reader.dialect === "old") this.#hearOld(socket, reader, message);
    else this.#hearV1(socket, reader, message);
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
    fanOut(this.#audience, isNext ? events : [...this.#log.read(this.#toldTo)], cursor);
    this.#toldTo = cursor.seq;
  }

  /** Tells who hears little how far the log has come, before events below `seq` are let go. */
  tellProgress(seq: number): void {
    this.#bringToHead();
    fanOutProgress(this.#audience, seq, this.#log.cursor);
  }

  /** Sends an event that is not logged to those who are live and hear it, and tells all how far the log has come. */
  tellEphemeral(event: Carried): void {
    this.#bringToHead();
    fanOutEphemeral(this.#audience, event, this.#log.cursor);
  }

  #hearV1(socket: S, reader: Reader, text: string): void {
    const frame = decodeClientFrame(text);
    if (!frame.ok) refuseOn(socket, frame.problem, parseObject(text)?.ref);
    else if (frame.value.type === "subscribe") this.#subscribe(socket, reader, frame.value.asked);
    else this.#acknowledge(socket, reader, frame.value.cursor);
  }

  #hearOld(socket: S, reader: Reader, text: string): void {
    const names = decodeOldSubscribe(text);
    if (names === undefined) sendQuietly(socket, encodeEcho(text));
    else {
      const asked = parsePatterns([...(reader.asked ?? []), ...names]);
      if (asked.ok) this.#subscribe(socket, reader, asked.value);
      else refuseOn(socket, asked.problem);
    }
  }

  /**
   * From the reader's own place on the new set holds: of a live one that is the head, which it is brought to by taking
   * the answer's cursor, because everything up to there that its old set hears has been sent.
   */
  #subscribe(socket: S, reader: Reader, asked: Patterns): void {
    const fits = checkInterest({ asked, allowed: reader.allowed });
    if (fits.ok) {
      this.#bringToHead();
      const { epoch, seq: head } = this.#log.cursor;
      const told = reader.catchUp === null ? head : reader.told;
      this.#seat(socket, { ...reader, asked, told });
      const events = asked ?? [];
      const message = asked === null ? "Subscribed to everything" : `Subscribed to ${events.join(", ")}`;
      sendQuietly(socket, encodeSubscribed({ events, message, cursor: formatCursor({ epoch, seq: told }) }));
    } else refuseOn(socket, fits.problem);
  }

  #acknowledge(socket: S, reader: Reader, { epoch, seq }: Cursor): void {
    const head = this.#log.cursor;
    const told = reader.catchUp === null ? head.seq : reader.told;
    if (epoch !== head.epoch) this.#close(socket, "too_slow", "That is of another epoch: come back.");
    else if (seq > told) {
      this.#close(socket, "protocol_error", "That acknowledges what was never sent.");
    } else if (reader.catchUp !== null) {
      const catchUp = acknowledge(reader.catchUp, seq);
      // Pages that still wait here need no company: the acknowledgement of the last of them pulls the next ones.
      const isFull = catchUp.unacked.length > 0 && (socket.bufferedAmount ?? 0) > 0;
      if (isFull) this.#seat(socket, { ...reader, catchUp });
      else this.#pull(socket, { ...reader, catchUp });
    }
  }

  #pull(socket: S, reader: Reader): void {
    const { frames, told, catchUp } = pull(this.#log, reader.told, reader, reader.catchUp ?? CATCH_UP_START);
    for (const frame of frames) sendQuietly(socket, frame);
    this.#seat(socket, { ...reader, told, catchUp });
  }

  #replayOld(socket: S, reader: Reader, at: Moment): void {
    const { frames, to, complete } = replayOld(this.#log, reader.told, reader);
    for (const frame of frames) sendQuietly(socket, frame);
    if (complete) this.#seat(socket, { ...reader, told: to, catchUp: null });
    else {
      // It may have heard nothing for 10,000 events: the heartbeat's cursor is the place to come back with.
      const beat = heartbeat(this.#audience.size, this.#log.cursor.seq, at);
      sendQuietly(socket, encodeOldEvent(beat.event, { epoch: this.#log.cursor.epoch, seq: to }));
      this.#close(socket, "too_slow", "Come back with the cursor that you have reached.");
    }
  }

  /** Nobody is seated anew, and nothing said of a place, before everybody has been told what was appended. */
  #bringToHead(): void {
    if (this.#toldTo !== this.#log.cursor.seq) this.tell([]);
  }

  #seat(socket: S, reader: Reader): void {
    this.#audience.seat(socket, reader);
    this.#keep(socket, reader);
  }

  #close(socket: S, code: "protocol_error" | "too_slow", reason: string): void {
    this.leave(socket);
    socket.close(PROBLEMS[code].close, reason);
  }
}

/** @param ref what the refused message called itself */
function refuseOn(socket: Socket, problem: Problem, ref: unknown = null): void {
  sendQuietly(socket, encodeError(problem, ref));
}
