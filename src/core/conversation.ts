// What is said on a socket: the welcome, and the answer to each message. Who may hear what is settled before it comes here.
import { decodeClientFrame } from "../wire/client-frame.ts";
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import { parseObject } from "../wire/json.ts";
import { MAX_MESSAGE_BYTES, MAX_UNANSWERED_BYTES, PING_AFTER_MS } from "../wire/limits.ts";
import { decodeOldSubscribe, encodeEcho, encodeOldWelcome } from "../wire/old-dialect.ts";
import { type Patterns, parsePatterns } from "../wire/pattern.ts";
import type { Problem } from "../wire/problem.ts";
import { encodeError, encodeReset, encodeSubscribed, encodeWelcome } from "../wire/server-frame.ts";
import { utf8Bytes } from "../wire/utf8.ts";
import type { Dialect, Reader } from "./audience.ts";
import { CATCH_UP_START } from "./catch-up.ts";
import type { ReadableLog } from "./log.ts";
import { checkInterest, type Interest } from "./match.ts";
import type { Moment } from "./moment.ts";
import type { Readers } from "./readers.ts";
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

export class Conversation<S extends Socket> {
  readonly #log: ReadableLog;
  readonly #readers: Readers<S>;

  constructor(log: ReadableLog, readers: Readers<S>) {
    this.#log = log;
    this.#readers = readers;
  }

  /** Welcomes a new socket, and brings it to the head, or begins to: all in the turn in which it came. */
  attach(socket: S, attaching: Attaching, at: Moment): void {
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
      retry: retryFor(this.#readers.count + 1),
      ack: null,
    };
    sendQuietly(socket, dialect === "v1" ? encodeWelcome(welcome) : encodeOldWelcome(welcome));
    if (reset) sendQuietly(socket, encodeReset(reset));
    const reader: Reader = {
      clientId,
      dialect,
      asked,
      allowed,
      told: from.seq,
      catchUp: CATCH_UP_START,
      heardMs: at.ms,
    };
    this.#readers.begin(socket, reader, at);
  }

  /** A message that the runtime did not answer by itself, as it does with `ping`. */
  hear(socket: S, message: string | ArrayBuffer, at: Moment): void {
    const known = this.#readers.readerOf(socket);
    if (!known) return; // it was closed, and this was already on its way
    const reader = { ...known, heardMs: at.ms };
    this.#readers.note(socket, reader);
    if (typeof message !== "string" || utf8Bytes(message) > MAX_MESSAGE_BYTES) {
      this.#readers.close(socket, "protocol_error", `Messages are text of at most ${MAX_MESSAGE_BYTES} bytes.`);
    } else if (this.#readers.waitingOn(socket) > MAX_UNANSWERED_BYTES) {
      this.#readers.close(socket, "too_slow", "Too much waits on this socket to answer on it.");
    } else if (reader.dialect === "old") this.#hearOld(socket, reader, message);
    else this.#hearV1(socket, reader, message);
  }

  #hearV1(socket: S, reader: Reader, text: string): void {
    const frame = decodeClientFrame(text);
    if (!frame.ok) refuseOn(socket, frame.problem, parseObject(text)?.ref);
    else if (frame.value.type === "subscribe") this.#subscribe(socket, frame.value.asked);
    else this.#readers.acknowledge(socket, reader, frame.value.cursor);
  }

  #hearOld(socket: S, reader: Reader, text: string): void {
    const names = decodeOldSubscribe(text);
    if (names === undefined) sendQuietly(socket, encodeEcho(text));
    else {
      const asked = parsePatterns([...(reader.asked ?? []), ...names]);
      if (asked.ok) this.#subscribe(socket, asked.value);
      else refuseOn(socket, asked.problem);
    }
  }

  /**
   * From the reader's own place on the new set holds: of a live one that is the head, to which it is brought first, and
   * which it learns from the answer's cursor.
   */
  #subscribe(socket: S, asked: Patterns): void {
    const reader = this.#readers.bringToHead(socket);
    if (!reader) return; // it was too slow for that, and is closed
    const fits = checkInterest({ asked, allowed: reader.allowed });
    if (fits.ok) {
      this.#readers.seat(socket, { ...reader, asked });
      const events = asked ?? [];
      const message = asked === null ? "Subscribed to everything" : `Subscribed to ${events.join(", ")}`;
      const cursor = formatCursor({ epoch: this.#log.cursor.epoch, seq: reader.told });
      sendQuietly(socket, encodeSubscribed({ events, message, cursor }));
    } else refuseOn(socket, fits.problem);
  }
}

/** @param ref what the refused message called itself */
function refuseOn(socket: Socket, problem: Problem, ref: unknown = null): void {
  sendQuietly(socket, encodeError(problem, ref));
}
