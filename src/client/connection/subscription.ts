// The active subscription, and the requested one until the hub has answered: a reconnect needs both.
import { encodeSubscribe } from "../../wire/client-frame.ts";

export class Subscription {
  /** Patterns that hold at the connection's cursor, and that a reconnect resumes with; empty: all events. */
  active: readonly string[];
  /** Patterns that replace them, unless the hub refuses. */
  desired: readonly string[];
  /** What the newest `subscribe` on this socket asked for; `undefined`: there is none that the hub has not answered. */
  #requested: readonly string[] | undefined;
  /** `subscribe` messages on this socket that the hub has not answered. */
  #unanswered = 0;

  constructor(patterns: readonly string[] = []) {
    this.active = this.desired = [...patterns]; // the caller may change its array later
  }

  desire(patterns: readonly string[]): void {
    this.desired = [...patterns];
  }

  /** Call for each new socket. */
  begin(): void {
    this.#unanswered = 0;
    this.#requested = undefined;
  }

  /** The hub knows what holds; what it was not asked for yet is on its way. @returns whether a request is to be sent */
  get isDue(): boolean {
    return !isSameSet(this.desired, this.#requested ?? this.active);
  }

  /** Whether the hub has confirmed what is desired, or refused it. */
  get isSettled(): boolean {
    return this.#unanswered === 0 && !this.isDue;
  }

  /** @returns the message that requests the desired patterns */
  request(): string {
    this.#unanswered += 1;
    this.#requested = this.desired;
    return encodeSubscribe(this.desired);
  }

  granted(patterns: readonly string[]): void {
    this.active = patterns;
    this.refused();
  }

  /** After the last answer the active patterns are the desired ones, whether the request was granted or not. */
  refused(): void {
    if (this.#unanswered > 0) this.#unanswered -= 1; // a refusal may answer a message that the page has sent itself
    if (this.#unanswered > 0) return;
    if (this.desired === (this.#requested ?? this.desired)) this.desired = this.active; // else the next request is due
    this.#requested = undefined;
  }
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return [...one].sort().join() === [...other].sort().join();
}
