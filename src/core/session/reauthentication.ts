// A fresh token on an open socket. Checking one takes a while: what the socket says meanwhile waits, and is then heard
// under the rights that came of it.
import { MAX_MESSAGE_BYTES } from "../../wire/limits.ts";
import { err, type Problem, type Result } from "../../wire/problem.ts";
import { encodeError, type Ref } from "../../wire/server-frame.ts";
import { checkInterest } from "../access/match.ts";
import type { Rights } from "../access/rights.ts";
import type { ClockTime } from "../clock.ts";
import type { Socket } from "../fanout/socket.ts";
import type { Subscriber } from "../fanout/subscriber.ts";
import type { Subscribers } from "../fanout/subscribers.ts";
import { warnAt } from "../fanout/token-expiry.ts";

/** More than that nobody has to say in the time that a check takes: messages, and bytes of all together. */
const MAX_POSTPONED = 16;
const MAX_POSTPONED_BYTES = MAX_MESSAGE_BYTES;

export interface ReauthenticationPorts {
  /** What somebody who shows `token` may in `channel`: `unauthorized`, `forbidden` or `keys_unavailable` otherwise. */
  authenticate(token: string, channel: string): Promise<Result<Rights>>;
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
  readonly #hear: (socket: S, text: string) => void;
  /** What was said while a token is being checked. */
  readonly #postponed = new WeakMap<S, string[]>();

  /** @param hear takes up what was postponed */
  constructor(subscribers: Subscribers<S>, ports: ReauthenticationPorts, hear: (socket: S, text: string) => void) {
    this.#subscribers = subscribers;
    this.#ports = ports;
    this.#hear = hear;
  }

  /** Whether `text` has to wait, because a token of the socket is being checked. */
  postpones(socket: S, text: string): boolean {
    const postponed = this.#postponed.get(socket);
    if (!postponed) return false;
    const length = postponed.reduce((sum, each) => sum + each.length, text.length);
    if (postponed.length < MAX_POSTPONED && length <= MAX_POSTPONED_BYTES) postponed.push(text);
    else this.#subscribers.close(socket, "rate_limited", "Too many messages while a token is being checked.");
    return true;
  }

  /** @param ref what the message called itself */
  check(socket: S, { channel }: Subscriber, token: string, ref: Ref): void {
    this.#postponed.set(socket, []);
    const checked = this.#ports.authenticate(token, channel).catch((error) => {
      this.#ports.report("Checking a token", error);
      return err("keys_unavailable", "That token cannot be checked just now: try again.");
    });
    this.#ports.keepAwake(checked.then((rights) => this.#settle(socket, rights, ref)));
  }

  #settle(socket: S, rights: Result<Rights>, ref: Ref): void {
    const postponed = this.#postponed.get(socket) ?? [];
    this.#postponed.delete(socket);
    this.#subscribers.expire(this.#ports.now().ms); // the old rights may have ended during the check
    const subscriber = this.#subscribers.subscriberOf(socket);
    if (!subscriber) return; // it left meanwhile
    if (!rights.ok) this.#refuse(socket, rights.problem, ref);
    else if (rights.value.sub !== subscriber.sub) {
      this.#subscribers.close(socket, "unauthorized", "That token is somebody else's.");
    } else this.#grant(socket, rights.value);
    for (const text of postponed) if (!this.postpones(socket, text)) this.#hear(socket, text);
  }

  #refuse(socket: S, problem: Problem, ref: Ref): void {
    const { code } = problem;
    if (code === "unauthorized" || code === "forbidden") this.#subscribers.close(socket, code, problem.detail);
    else this.#subscribers.answer(socket, encodeError(problem, ref));
  }

  /** What it has not been sent yet, it is sent only if it may still hear it; what comes behind follows the new rights. */
  #grant(socket: S, { hear: allowed, emit, expiresMs }: Rights): void {
    this.#subscribers.fanout.sendPosition(socket); // nothing answers an `auth`, and its next frame begins at the head
    const subscriber = this.#subscribers.bringToHead(socket, allowed);
    if (!subscriber) return;
    if (checkInterest({ asked: subscriber.asked, allowed }).ok) {
      const warnMs = warnAt(expiresMs, this.#ports.now().ms);
      this.#subscribers.seat(socket, { ...subscriber, allowed, emit, expiresMs, warnMs });
      this.#ports.agendaChanged();
    } else
      this.#subscribers.close(
        socket,
        "forbidden",
        "These rights and this subscription do not fit together in a socket.",
      );
  }
}
