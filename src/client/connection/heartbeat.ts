// Whether the hub is there. The client pings whatever it receives: that is how a hub tells the living from the gone, and
// how the client finds out itself that nobody answers, which browsers notice far later, or never.
import type { Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** A hub that does not welcome, or say anything after a ping, within so long is not there. */
const ANSWER_MS = 10_000;

export class Heartbeat {
  readonly #random: Ports["random"];
  readonly #send: (text: string) => void;
  readonly #onSilence: () => void;
  readonly #timers: Timers<"welcome" | "ping" | "pong">;
  /** Who waits for a `pong`. */
  readonly #waiting = new Set<(answered: boolean) => void>();

  constructor({ after, random }: Ports, send: (text: string) => void, onSilence: () => void) {
    this.#timers = new Timers(after);
    this.#random = random;
    this.#send = send;
    this.#onSilence = onSilence;
  }

  /** The hub speaks first, and does so before `beat`. */
  expectWelcome(): void {
    this.#timers.start("welcome", ANSWER_MS, this.#onSilence);
  }

  /** Pings every `everyMs` ± 10 %, until `stop`. */
  beat(everyMs: number): void {
    this.#timers.stop("welcome");
    const jitter = 0.9 + 0.2 * this.#random();
    this.#timers.start("ping", everyMs * jitter, () => {
      this.beat(everyMs);
      this.#ping(); // may find that the socket has ended, and stop everything
    });
  }

  /** Pings now. @returns how long the hub took to answer, in milliseconds, or `null` if it was stopped first */
  async roundTrip(): Promise<number | null> {
    const from = performance.now();
    const answered = new Promise<boolean>((resolve) => this.#waiting.add(resolve));
    this.#ping();
    return (await answered) ? performance.now() - from : null;
  }

  received(text: string): void {
    this.#timers.stop("pong"); // whatever it says, the hub is there
    if (text === "pong") this.#answer(true);
  }

  stop(): void {
    this.#timers.stopAll();
    this.#answer(false);
  }

  #ping(): void {
    if (!this.#timers.isRunning("pong")) this.#timers.start("pong", ANSWER_MS, this.#onSilence);
    this.#send("ping");
  }

  #answer(answered: boolean): void {
    for (const resolve of this.#waiting) resolve(answered);
    this.#waiting.clear();
  }
}
