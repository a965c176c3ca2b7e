// What a connection hears, and what it is to hear once the hub has answered: a reconnect needs both.
import { encodeSubscribe } from "../../wire/client-frame.ts";

export class Subscription {
  /** Patterns that are heard from the connection's place on, everything if empty: this is what it comes back with. */
  active: readonly string[];
  /** What is to be heard instead, unless the hub refuses it. */
  desired: readonly string[];
  /** `subscribe` messages on this socket that the hub has not answered. */
  #unanswered = 0;

  constructor(patterns: readonly string[] = []) {
    this.active = this.desired = [...patterns]; // its owner may change the array later, and means nothing by it
  }

  desire(patterns: readonly string[]): void {
    this.desired = [...patterns];
  }

  /** On a new socket nothing was asked yet. @returns whether there is something to ask */
  begin(): boolean {
    this.#unanswered = 0;
    return this.desired !== this.active;
  }

  /** @returns the message that asks for what is wanted */
  request(): string {
    this.#unanswered += 1;
    return encodeSubscribe(this.desired);
  }

  granted(patterns: readonly string[]): void {
    this.active = patterns;
    this.refused();
  }

  /** Once the last question is answered there is nothing else that is wanted, whether it was granted or not. */
  refused(): void {
    if (this.#unanswered > 0) this.#unanswered -= 1; // a page's own message may be refused as one of ours would be
    if (this.#unanswered === 0) this.desired = this.active;
  }
}
