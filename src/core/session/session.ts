// The protocol of one socket: the welcome, and the answer to each message. What the Worker has checked is not checked again.
import { decodeClientFrame } from "../../wire/client-frame.ts";
import { formatCursor } from "../../wire/cursor.ts";
import { parseObject } from "../../wire/json.ts";
import {
  decodeLegacySubscribe,
  encodeEcho,
  encodeLegacyEvent,
  encodeLegacyWelcome,
} from "../../wire/legacy-dialect.ts";
import { ACK_EVERY_BYTES, MAX_MESSAGE_BYTES, PING_AFTER_MS } from "../../wire/limits.ts";
import { type Patterns, parseAsked } from "../../wire/pattern.ts";
import { err, type Problem, type Result } from "../../wire/problem.ts";
import { encodeError, encodeReset, encodeSubscribed, encodeWelcome, type Ref } from "../../wire/server-frame.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { checkInterest, type Interest } from "../access/match.ts";
import type { ClockTime } from "../clock.ts";
import { CATCH_UP_START } from "../fanout/catch-up.ts";
import { closeFor } from "../fanout/closing.ts";
import { TOO_MANY_PATTERNS } from "../fanout/pattern-budget.ts";
import { type Socket, sendQuietly } from "../fanout/socket.ts";
import type { Subscriber } from "../fanout/subscriber.ts";
import type { Subscribers } from "../fanout/subscribers.ts";
import { EXPIRED, warnAt } from "../fanout/token-expiry.ts";
import type { BidirectionalLog } from "../log/event-log.ts";
import { resume } from "../log/resume.ts";
import type { Attaching } from "./attaching.ts";
import { type ClientEmitPorts, emitFromClient } from "./client-emit.ts";
import { newestEvents } from "./newest-events.ts";
import { EMIT_WEIGHT, type Limits, RateLimiter, weightOf } from "./rate-limit.ts";
import { Reauthentication, type ReauthenticationPorts } from "./reauthentication.ts";
import { reconnectAdvice } from "./reconnect-advice.ts";

const MAX_REF_LENGTH = 256;

export interface SessionPorts extends ClientEmitPorts, ReauthenticationPorts {
  readonly limits: Limits;
}

export class Session<S extends Socket> {
  readonly #log: BidirectionalLog;
  readonly #subscribers: Subscribers<S>;
  readonly #ports: SessionPorts;
  readonly #rateLimiter: RateLimiter<S>;
  readonly #reauthentication: Reauthentication<S>;

  constructor(log: BidirectionalLog, subscribers: Subscribers<S>, ports: SessionPorts) {
    this.#log = log;
    this.#subscribers = subscribers;
    this.#ports = ports;
    this.#rateLimiter = new RateLimiter(ports.limits.messagesPerSecond);
    this.#reauthentication = new Reauthentication(subscribers, ports);
  }

  /** Welcomes a new socket, and brings it to the head, or begins to, in one turn. */
  attach(socket: S, { cursor, last, ...who }: Attaching, at: ClockTime): void {
    const { clientId, dialect, encoding, channel, expiresMs } = who;
    const { counts } = this.#ports;
    // It was let in a moment ago, and has waited for its welcome since.
    if (expiresMs !== null && expiresMs <= at.ms) {
      counts.refused("unauthorized");
      closeFor(socket, dialect, "unauthorized", EXPIRED);
      return;
    }
    if (!this.#subscribers.hasRoomFor(socket, who)) {
      counts.refused("rate_limited");
      closeFor(socket, dialect, "rate_limited", TOO_MANY_PATTERNS);
      return;
    }
    const newest = last === null ? { from: this.#log.cursor, events: [] } : newestEvents(this.#log, last, who);
    const { from, reset } = cursor === null ? { from: newest.from, reset: null } : resume(cursor, this.#log);
    const welcome = {
      message: "Connected to PulseAI Reactor",
      client_id: clientId,
      timestamp: at.iso,
      channel,
      cursor: formatCursor(reset === null && cursor !== null ? cursor : from),
      recovered: cursor === null ? null : reset === null,
      heartbeat_ms: PING_AFTER_MS,
      retry: reconnectAdvice(this.#subscribers.count + 1),
      ack: socket.bufferedAmount === undefined ? { bytes: ACK_EVERY_BYTES } : null,
    };
    sendQuietly(socket, dialect === "v1" ? encodeWelcome(welcome) : encodeLegacyWelcome(welcome, at.ms));
    counts.opened(dialect, encoding);
    if (reset) {
      counts.reset(reset.reason);
      sendQuietly(socket, encodeReset(reset));
    }
    const isSent = dialect === "legacy" && cursor === null; // v1 is sent pages of the log, which it acknowledges
    const sentSeq = isSent ? this.#log.cursor.seq : from.seq;
    if (isSent) {
      for (const { seq, event } of newest.events) {
        sendQuietly(socket, encodeLegacyEvent(event, { epoch: from.epoch, seq }));
      }
      counts.delivered(newest.events.length);
    }
    const warnMs = dialect === "v1" ? warnAt(who.expiresMs, at.ms) : null; // a legacy page has no fresh token to send
    const subscriber = { ...who, sentSeq, catchUp: CATCH_UP_START, heardMs: at.ms, wasHeard: false, warnMs };
    this.#subscribers.begin(socket, subscriber, at, cursor !== null);
  }

  /** Handles a message. `ping` does not come here: the runtime answers it. */
  hear(socket: S, message: string | ArrayBuffer, at: ClockTime): void {
    const known = this.#subscribers.subscriberOf(socket);
    if (!known) return; // it was closed while this was on its way
    this.#subscribers.note(socket, { ...known, heardMs: at.ms, wasHeard: true });
    if (known.expiresMs !== null && known.expiresMs <= at.ms) {
      this.#subscribers.close(socket, "unauthorized", EXPIRED);
    } else if (typeof message !== "string" || isTooLong(message)) {
      this.#subscribers.close(socket, "protocol_error", `Messages are text of at most ${MAX_MESSAGE_BYTES} bytes.`);
    } else if (!this.#rateLimiter.take(socket, at.ms, weightOf(message))) {
      if (this.#acknowledges(socket, message)) return; // it does not count
      const { messagesPerSecond } = this.#ports.limits;
      const reason = `At most ${messagesPerSecond} messages per second: reconnect, and send less often.`;
      this.#subscribers.close(socket, "rate_limited", reason);
    } else if (this.#subscribers.isClogged(socket)) {
      this.#subscribers.close(socket, "too_slow", "Too much is buffered on this connection to answer on it.");
    } else if (known.dialect === "legacy") this.#handleLegacy(socket, message);
    else if (!this.#reauthentication.postpones(socket, message)) this.#handleV1(socket, message);
  }

  /** Handles a message if it is an ack. @returns whether it acknowledged anything new, or closed the socket */
  #acknowledges(socket: S, text: string): boolean {
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (subscriber?.dialect !== "v1" || this.#reauthentication.isChecking(socket)) return false;
    const frame = decodeClientFrame(text);
    if (!frame.ok || frame.value.type !== "ack") return false;
    const isNews = this.#subscribers.acknowledge(socket, subscriber, frame.value.cursor);
    return isNews || this.#subscribers.subscriberOf(socket) === undefined;
  }

  #handleV1(socket: S, text: string): void {
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (!subscriber) return; // an earlier message closed it
    const frame = decodeClientFrame(text);
    if (!frame.ok) this.#refuse(socket, frame.problem, refIn(text));
    else if (frame.value.type === "subscribe") this.#subscribe(socket, frame.value.asked);
    else if (frame.value.type === "ack") {
      const isNews = this.#subscribers.acknowledge(socket, subscriber, frame.value.cursor);
      if (isNews) this.#rateLimiter.refund(socket, weightOf(text));
    } else if (frame.value.type === "emit") this.#emit(socket, subscriber, frame.value.event, text);
    else this.#authenticate(socket, subscriber, frame.value.token, refIn(text));
  }

  /** Messages that come during the check are handled behind it, unless one of them begins another check. */
  #authenticate(socket: S, subscriber: Subscriber, token: string, ref: Ref): void {
    const checked = this.#reauthentication.check(socket, subscriber, token, ref).then((postponed) => {
      for (const text of postponed) {
        if (!this.#reauthentication.postpones(socket, text)) this.#handleV1(socket, text);
      }
    });
    this.#ports.keepAwake(checked);
  }

  #emit(socket: S, subscriber: Subscriber, event: unknown, text: string): void {
    if (!this.#rateLimiter.take(socket, this.#ports.now().ms, EMIT_WEIGHT - 1)) {
      this.#subscribers.close(socket, "rate_limited", "Too many emits per second: reconnect, and send less often.");
      return;
    }
    const answered = emitFromClient(subscriber, event, text, refIn(text), this.#ports, (answer) => {
      if (this.#subscribers.subscriberOf(socket)) this.#subscribers.answer(socket, answer); // else it has left meanwhile
    });
    this.#ports.keepAwake(answered);
  }

  #handleLegacy(socket: S, message: string): void {
    const names = decodeLegacySubscribe(message);
    if (names === undefined) this.#subscribers.answer(socket, encodeEcho(message));
    else {
      const asked = parseAsked([...(this.#subscribers.subscriberOf(socket)?.asked ?? []), ...names]);
      if (asked.ok) this.#subscribe(socket, asked.value);
      else this.#refuse(socket, asked.problem);
    }
  }

  /**
   * The new set holds from the socket's position on: for a live one that is the head, to which it is brought first, and
   * which the answer's cursor states.
   */
  #subscribe(socket: S, asked: Patterns): void {
    const subscriber = this.#subscribers.bringToHead(socket);
    if (!subscriber) return; // it lagged, and was closed
    const fits = this.#checkPatterns(socket, { asked, allowed: subscriber.allowed });
    if (fits.ok) {
      this.#subscribers.seat(socket, { ...subscriber, asked });
      const events = asked ?? [];
      const message = asked === null ? "Subscribed to everything" : `Subscribed to ${events.join(", ")}`;
      const cursor = formatCursor({ epoch: this.#log.cursor.epoch, seq: subscriber.sentSeq });
      this.#subscribers.answer(socket, encodeSubscribed({ events, message, cursor }));
    } else this.#refuse(socket, fits.problem);
  }

  /** @returns the patterns, `bad_pattern` if they are too many for a socket, or `rate_limited` for the channel */
  #checkPatterns(socket: S, interest: Interest): Result<Interest> {
    const checked = checkInterest(interest);
    if (!checked.ok || this.#subscribers.hasRoomFor(socket, interest)) return checked;
    return err("rate_limited", TOO_MANY_PATTERNS);
  }

  /** @param ref of the message */
  #refuse(socket: S, problem: Problem, ref: Ref = null): void {
    this.#ports.counts.refused(problem.code);
    this.#subscribers.answer(socket, encodeError(problem, ref));
  }
}

/** The `ref` by which a client knows the answer: a number or a short string. */
function refIn(text: string): Ref {
  const ref = parseObject(text)?.ref;
  return typeof ref === "number" || (typeof ref === "string" && ref.length <= MAX_REF_LENGTH) ? ref : null;
}

/** The runtime passes on up to 32 MiB: so the length is checked before the bytes are counted. */
function isTooLong(text: string): boolean {
  return text.length > MAX_MESSAGE_BYTES || utf8Bytes(text) > MAX_MESSAGE_BYTES;
}
