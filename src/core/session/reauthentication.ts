// A fresh token on an open socket. Checking it takes time: messages of the socket wait meanwhile, and are then handled under
// the rights that hold by then.
import { MAX_MESSAGE_BYTES } from "../../wire/limits.ts";
import { err, type Problem, type Result } from "../../wire/problem.ts";
import { encodeError, type Ref } from "../../wire/server-frame.ts";
import { checkInterest } from "../access/match.ts";
import { REVOKED, type TokenIdentity } from "../access/revocations.ts";
import type { Rights } from "../access/rights.ts";
import type { ClockTime } from "../clock.ts";
import type { Counts } from "../counts/counts.ts";
import { TOO_MANY_PATTERNS } from "../fanout/pattern-budget.ts";
import type { Socket } from "../fanout/socket.ts";
import type { Subscriber } from "../fanout/subscriber.ts";
import type { Subscribers } from "../fanout/subscribers.ts";
import { warnAt } from "../fanout/token-expiry.ts";

/** How many messages of a socket may wait for a check, and their UTF-16 units together. */
const MAX_POSTPONED = 16;
const MAX_POSTPONED_BYTES = MAX_MESSAGE_BYTES;

export interface ReauthenticationPorts {
  readonly counts: Counts;
  /** The rights of `token` in `channel`, or `unauthorized`, `forbidden` or `keys_unavailable`. */
  authenticate(token: string, channel: string): Promise<Result<Rights>>;
  /** Whether a token was revoked in the channel. */
  isRevoked(token: TokenIdentity): boolean;
  now(): ClockTime;
  report(what: string, error: unknown): void;
  /** Memory MUST outlive the promise. */
  keepAwake(promise: Promise<unknown>): void;
  /** Is called when something may be due sooner than it was. */
  agendaChanged(): void;
}

export class Reauthentication<S extends Socket> {
  readonly #subscribers: Subscribers<S>;
  readonly #ports: ReauthenticationPorts;
  /** The messages that wait for a check. */
  readonly #postponed = new WeakMap<S, string[]>();

  constructor(subscribers: Subscribers<S>, ports: ReauthenticationPorts) {
    this.#subscribers = subscribers;
    this.#ports = ports;
  }

  /** Whether a token of the socket is being checked. */
  isChecking(socket: S): boolean {
    return this.#postponed.has(socket);
  }

  /** Keeps `text` for later while a token of the socket is being checked. @returns whether it did */
  postpones(socket: S, text: string): boolean {
    const postponed = this.#postponed.get(socket);
    if (!postponed) return false;
    const length = postponed.reduce((sum, each) => sum + each.length, text.length);
    if (postponed.length < MAX_POSTPONED && length <= MAX_POSTPONED_BYTES) postponed.push(text);
    else this.#subscribers.close(socket, "rate_limited", "Too many messages while a token is being checked.");
    return true;
  }

  /** Checks a token, and applies what comes of it. @param ref of the message @returns the messages to be handled then */
  async check(socket: S, { channel }: Subscriber, token: string, ref: Ref): Promise<readonly string[]> {
    const postponed: string[] = [];
    this.#postponed.set(socket, postponed);
    const rights = await this.#ports.authenticate(token, channel).catch((error) => {
      this.#ports.report("Checking a token", error);
      return err("keys_unavailable", "The token cannot be checked at the moment: try again.");
    });
    this.#postponed.delete(socket);
    this.#apply(socket, rights, ref);
    return postponed;
  }

  #apply(socket: S, rights: Result<Rights>, ref: Ref): void {
    this.#subscribers.expire(this.#ports.now().ms); // the old rights may have ended during the check
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (!subscriber) return; // it left, or its rights ended
    if (!rights.ok) this.#refuse(socket, rights.problem, ref);
    else if (this.#ports.isRevoked(rights.value)) this.#subscribers.close(socket, "unauthorized", REVOKED);
    else if (rights.value.sub !== subscriber.sub) {
      this.#subscribers.close(socket, "unauthorized", "This token has another `sub` than the connection.");
    } else this.#grant(socket, rights.value);
  }

  #refuse(socket: S, problem: Problem, ref: Ref): void {
    const { code } = problem;
    if (code === "unauthorized" || code === "forbidden") this.#subscribers.close(socket, code, problem.detail);
    else {
      this.#ports.counts.refused(code);
      this.#subscribers.answer(socket, encodeError(problem, ref));
    }
  }

  /** What is pending is sent if the old and the new rights allow it; what comes behind follows the new rights. */
  #grant(socket: S, { hear: allowed, emit, expiresMs, jti, issuedMs }: Rights): void {
    this.#subscribers.fanout.sendPosition(socket); // nothing answers an `auth`, and its next frame begins at the head
    const subscriber = this.#subscribers.bringToHead(socket, allowed);
    if (!subscriber) return;
    const interest = { asked: subscriber.asked, allowed };
    if (!checkInterest(interest).ok) {
      const reason = "The patterns of these rights and this subscription are too long together.";
      this.#subscribers.close(socket, "forbidden", reason);
    } else if (!this.#subscribers.hasRoomFor(socket, interest)) {
      this.#subscribers.close(socket, "rate_limited", TOO_MANY_PATTERNS);
    } else {
      const warnMs = warnAt(expiresMs, this.#ports.now().ms);
      this.#subscribers.seat(socket, { ...subscriber, allowed, emit, expiresMs, warnMs, jti, issuedMs });
      this.#ports.agendaChanged();
    }
  }
}
