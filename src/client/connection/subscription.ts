// What a connection hears, and what it is to hear once the hub has answered: a reconnect needs both.
import { encodeSubscribe } from "../../wire/client-frame.ts";

export class Subscription {
  /** Patterns that are heard from the connection's place on, everything if empty: this is what it comes back with. */
  asked: readonly string[];
  /** What is to be heard instead, unless the hub refuses it. */
  wanted: readonly string[];
  /** `subscribe` messages on this socket that the hub has not answered. */
  #unanswered = 0;

  constructor(asked: readonly string[] = []) {
    this.asked = this.wanted = [...asked]; // its owner may change the array later, and means nothing by it
  }

  want(patterns: readonly string[]): void {
    this.wanted = [...patterns];
  }

  /** On a new socket nothing was asked yet. @returns whether there is something to ask */
  begin(): boolean {
    this.#unanswered = 0;
    return this.wanted !== this.asked;
  }

  /** @returns the message that asks for what is wanted */
  ask(): string {
    this.#unanswered += 1;
    return encodeSubscribe(this.wanted);
  }

  granted(patterns: readonly string[]): void {
    this.asked = patterns;
    this.refused();
  }

  /** Once the last question is answered there is nothing else that is wanted, whether it was granted or not. */
  refused(): void {
    if (this.#unanswered > 0) this.#unanswered -= 1; // a page's own message may be refused as one of ours would be
    if (this.#unanswered === 0) this.wanted = this.asked;
  }
}
