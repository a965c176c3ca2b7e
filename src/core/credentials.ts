// A fresh token on an open socket. Checking one takes a while: what the socket says meanwhile waits, and is then heard
// under the rights that came of it.
import { MAX_MESSAGE_BYTES } from "../wire/limits.ts";
import { type Problem, type Result, refuse } from "../wire/problem.ts";
import { encodeError, type Ref } from "../wire/server-frame.ts";
import type { Reader } from "./audience.ts";
import { warnAt } from "./expiry.ts";
import { checkInterest } from "./match.ts";
import type { Moment } from "./moment.ts";
import type { Readers } from "./readers.ts";
import type { Rights } from "./rights.ts";
import type { Socket } from "./socket.ts";

/** More than that nobody has to say in the time that a check takes: messages, and bytes of all together. */
const MAX_POSTPONED = 16;
const MAX_POSTPONED_BYTES = MAX_MESSAGE_BYTES;

export interface CredentialsPorts {
  /** What somebody who shows `token` may in `channel`: `unauthorized`, `forbidden` or `keys_unavailable` otherwise. */
  authenticate(token: string, channel: string): Promise<Result<Rights>>;
  now(): Moment;
  report(what: string, error: unknown): void;
  /** Memory MUST outlive the promise. */
  keepAwake(promise: Promise<unknown>): void;
  /** Is called when something may be due sooner than it was. */
  agendaChanged(): void;
}

export class Credentials<S extends Socket> {
  readonly #readers: Readers<S>;
  readonly #ports: CredentialsPorts;
  readonly #hear: (socket: S, text: string) => void;
  /** What was said while a token is being checked. */
  readonly #postponed = new WeakMap<S, string[]>();

  /** @param hear takes up what was postponed */
  constructor(readers: Readers<S>, ports: CredentialsPorts, hear: (socket: S, text: string) => void) {
    this.#readers = readers;
    this.#ports = ports;
    this.#hear = hear;
  }

  /** Whether `text` has to wait, because a token of the socket is being checked. */
  postpones(socket: S, text: string): boolean {
    const postponed = this.#postponed.get(socket);
    if (!postponed) return false;
    const length = postponed.reduce((sum, each) => sum + each.length, text.length);
    if (postponed.length < MAX_POSTPONED && length <= MAX_POSTPONED_BYTES) postponed.push(text);
    else this.#readers.close(socket, "rate_limited", "Too many messages while a token is being checked.");
    return true;
  }

  /** @param ref what the message called itself */
  check(socket: S, { channel }: Reader, token: string, ref: Ref): void {
    this.#postponed.set(socket, []);
    const checked = this.#ports.authenticate(token, channel).catch((error) => {
      this.#ports.report("Checking a token", error);
      return refuse("keys_unavailable", "That token cannot be checked just now: try again.");
    });
    this.#ports.keepAwake(checked.then((rights) => this.#settle(socket, rights, ref)));
  }

  #settle(socket: S, rights: Result<Rights>, ref: Ref): void {
    const postponed = this.#postponed.get(socket) ?? [];
    this.#postponed.delete(socket);
    this.#readers.expire(this.#ports.now().ms); // the old rights may have ended during the check
    const reader = this.#readers.readerOf(socket);
    if (!reader) return; // it left meanwhile
    if (!rights.ok) this.#refuse(socket, rights.problem, ref);
    else if (rights.value.sub !== reader.sub) {
      this.#readers.close(socket, "unauthorized", "That token is somebody else's.");
    } else this.#grant(socket, rights.value);
    for (const text of postponed) if (!this.postpones(socket, text)) this.#hear(socket, text);
  }

  #refuse(socket: S, problem: Problem, ref: Ref): void {
    const { code } = problem;
    if (code === "unauthorized" || code === "forbidden") this.#readers.close(socket, code, problem.detail);
    else this.#readers.answer(socket, encodeError(problem, ref));
  }

  /** What it has not been sent yet, it is sent only if it may still hear it; what comes behind follows the new rights. */
  #grant(socket: S, { hear: allowed, emit, expiresMs }: Rights): void {
    this.#readers.broadcast.tellPlace(socket); // nothing answers an `auth`, and its next frame begins at the head
    const reader = this.#readers.bringToHead(socket, allowed);
    if (!reader) return;
    if (checkInterest({ asked: reader.asked, allowed }).ok) {
      const warnMs = warnAt(expiresMs, this.#ports.now().ms);
      this.#readers.seat(socket, { ...reader, allowed, emit, expiresMs, warnMs });
      this.#ports.agendaChanged();
    } else
      this.#readers.close(socket, "forbidden", "These rights and this subscription do not fit together in a socket.");
  }
}
