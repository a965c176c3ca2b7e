// What is said on a socket: the welcome, and the answer to each message. What a door has settled is not asked again.
import { decodeClientFrame } from "../../wire/client-frame.ts";
import { type Cursor, formatCursor } from "../../wire/cursor.ts";
import { parseObject } from "../../wire/json.ts";
import { decodeOldSubscribe, encodeEcho, encodeOldWelcome } from "../../wire/legacy-dialect.ts";
import { ACK_EVERY_BYTES, MAX_MESSAGE_BYTES, PING_AFTER_MS } from "../../wire/limits.ts";
import { type Patterns, parsePatterns } from "../../wire/pattern.ts";
import type { Problem } from "../../wire/problem.ts";
import { encodeError, encodeReset, encodeSubscribed, encodeWelcome, type Ref } from "../../wire/server-frame.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { checkInterest } from "../access/match.ts";
import type { Moment } from "../clock.ts";
import { CATCH_UP_START } from "../fanout/catch-up.ts";
import { closeFor } from "../fanout/closing.ts";
import { type Socket, sendQuietly } from "../fanout/socket.ts";
import type { Reader } from "../fanout/subscriber-groups.ts";
import type { Readers } from "../fanout/subscribers.ts";
import { EXPIRED, warnAt } from "../fanout/token-expiry.ts";
import type { ReadableLog } from "../log/event-log.ts";
import { resume } from "../log/resume.ts";
import { emitOwn, type OwnEventPorts } from "./client-emit.ts";
import { Allowance, EMIT_WEIGHT, type Limits, weightOf } from "./rate-limit.ts";
import { Credentials, type CredentialsPorts } from "./reauthentication.ts";
import { retryFor } from "./reconnect-advice.ts";

/** What a socket brings when it attaches: all that a reader is, and the place to go on from; `null`: the head. */
export interface Attaching extends Omit<Reader, "told" | "catchUp" | "heardMs" | "warnMs"> {
  readonly cursor: Cursor | null;
}

const MAX_REF_LENGTH = 256;

export interface ConversationPorts extends OwnEventPorts, CredentialsPorts {
  readonly limits: Limits;
}

export class Conversation<S extends Socket> {
  readonly #log: ReadableLog;
  readonly #readers: Readers<S>;
  readonly #ports: ConversationPorts;
  readonly #allowance: Allowance<S>;
  readonly #credentials: Credentials<S>;

  constructor(log: ReadableLog, readers: Readers<S>, ports: ConversationPorts) {
    this.#log = log;
    this.#readers = readers;
    this.#ports = ports;
    this.#allowance = new Allowance(ports.limits.messagesPerSecond);
    this.#credentials = new Credentials(readers, ports, (socket, text) => this.#hearV1(socket, text));
  }

  /** Welcomes a new socket, and brings it to the head, or begins to: all in the turn in which it came. */
  attach(socket: S, { cursor, ...who }: Attaching, at: Moment): void {
    const { clientId, dialect, channel, expiresMs } = who;
    // It was let in a moment ago, and has waited since.
    if (expiresMs !== null && expiresMs <= at.ms) {
      closeFor(socket, dialect, "unauthorized", EXPIRED);
      return;
    }
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
      ack: socket.bufferedAmount === undefined ? { bytes: ACK_EVERY_BYTES } : null,
    };
    sendQuietly(socket, dialect === "v1" ? encodeWelcome(welcome) : encodeOldWelcome(welcome));
    if (reset) sendQuietly(socket, encodeReset(reset));
    const warnMs = dialect === "v1" ? warnAt(who.expiresMs, at.ms) : null; // an old page has no fresh token to show
    const reader = { ...who, told: from.seq, catchUp: CATCH_UP_START, heardMs: at.ms, warnMs };
    this.#readers.begin(socket, reader, at);
  }

  /** A message that the runtime did not answer by itself, as it does with `ping`. */
  hear(socket: S, message: string | ArrayBuffer, at: Moment): void {
    const known = this.#readers.readerOf(socket);
    if (!known) return; // it was closed, and this was already on its way
    this.#readers.note(socket, { ...known, heardMs: at.ms });
    if (known.expiresMs !== null && known.expiresMs <= at.ms) {
      this.#readers.close(socket, "unauthorized", EXPIRED);
    } else if (typeof message !== "string" || isTooLong(message)) {
      this.#readers.close(socket, "protocol_error", `Messages are text of at most ${MAX_MESSAGE_BYTES} bytes.`);
    } else if (!this.#allowance.take(socket, at.ms, weightOf(message))) {
      const { messagesPerSecond } = this.#ports.limits;
      const reason = `At most ${messagesPerSecond} messages a second: come back, and slow down.`;
      this.#readers.close(socket, "rate_limited", reason);
    } else if (this.#readers.isClogged(socket)) {
      this.#readers.close(socket, "too_slow", "Too much waits on this socket to answer on it.");
    } else if (known.dialect === "old") this.#hearOld(socket, message);
    else if (!this.#credentials.postpones(socket, message)) this.#hearV1(socket, message);
  }

  #hearV1(socket: S, text: string): void {
    const reader = this.#readers.readerOf(socket);
    if (!reader) return; // a message before this one was its last
    const frame = decodeClientFrame(text);
    if (!frame.ok) this.#refuse(socket, frame.problem, refIn(text));
    else if (frame.value.type === "subscribe") this.#subscribe(socket, frame.value.asked);
    else if (frame.value.type === "ack") {
      const isNews = this.#readers.acknowledge(socket, reader, frame.value.cursor);
      if (isNews) this.#allowance.giveBack(socket, weightOf(text));
    } else if (frame.value.type === "emit") this.#emit(socket, reader, frame.value.event, text);
    else this.#credentials.check(socket, reader, frame.value.token, refIn(text));
  }

  #emit(socket: S, reader: Reader, event: unknown, text: string): void {
    if (this.#allowance.take(socket, this.#ports.now().ms, EMIT_WEIGHT - 1)) {
      this.#readers.answer(socket, emitOwn(reader, event, text, refIn(text), this.#ports));
    } else this.#readers.close(socket, "rate_limited", "Too many emits a second: come back, and slow down.");
  }

  #hearOld(socket: S, message: string): void {
    const names = decodeOldSubscribe(message);
    if (names === undefined) this.#readers.answer(socket, encodeEcho(message));
    else {
      const asked = parsePatterns([...(this.#readers.readerOf(socket)?.asked ?? []), ...names]);
      if (asked.ok) this.#subscribe(socket, asked.value);
      else this.#refuse(socket, asked.problem);
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
      this.#readers.answer(socket, encodeSubscribed({ events, message, cursor }));
    } else this.#refuse(socket, fits.problem);
  }

  /** @param ref what the refused message called itself */
  #refuse(socket: S, problem: Problem, ref: Ref = null): void {
    this.#readers.answer(socket, encodeError(problem, ref));
  }
}

/** What a message calls itself, to know its answer by: a number or a short name, and nothing that could be heavy. */
function refIn(text: string): Ref {
  const ref = parseObject(text)?.ref;
  return typeof ref === "number" || (typeof ref === "string" && ref.length <= MAX_REF_LENGTH) ? ref : null;
}

/** The runtime hands over up to 32 MiB: those are not measured, they are too long at a glance. */
function isTooLong(text: string): boolean {
  return text.length > MAX_MESSAGE_BYTES || utf8Bytes(text) > MAX_MESSAGE_BYTES;
}
