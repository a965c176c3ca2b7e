// The active subscription, and the requested one until the hub has answered: a reconnect needs both.
import { encodeSubscribe } from "../../wire/client-frame.ts";

export class Subscription {
  /** Patterns that hold at the connection's cursor, and that a reconnect resumes with; empty: all events. */
  active: readonly string[];
  /** Patterns that replace them, unless the hub refuses. */
  desired: readonly string[];
  /** `subscribe` messages on this socket that the hub has not answered. */
  #unanswered = 0;

  constructor(patterns: readonly string[] = []) {
    this.active = this.desired = [...patterns]; // the caller may change its array later
  }

  desire(patterns: readonly string[]): void {
    this.desired = [...patterns];
  }

  /** Call for each new socket. @returns whether a request is to be sent */
  begin(): boolean {
    this.#unanswered = 0;
    return this.desired !== this.active;
  }

  /** @returns the message that requests the desired patterns */
  request(): string {
    this.#unanswered += 1;
    return encodeSubscribe(this.desired);
  }

  granted(patterns: readonly string[]): void {
    this.active = patterns;
    this.refused();
  }

  /** After the last answer the active patterns are the desired ones, whether the request was granted or not. */
  refused(): void {
    if (this.#unanswered > 0) this.#unanswered -= 1; // a refusal may answer a message that the page has sent itself
    if (this.#unanswered === 0) this.desired = this.active;
  }
}
