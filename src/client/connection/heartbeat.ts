// Detects dead connections. The client pings on a schedule, whatever it receives: pings tell the hub that the client is
// alive, and a missing answer tells the client that the connection is dead, which browsers notice much later or never.
import type { Ports } from "./ports.ts";
import { Timers } from "./timers.ts";

/** A hub that sends no welcome, or nothing after a ping, within this time is considered dead. A token may take as long. */
export const ANSWER_MS = 10_000;

/** A network that was gone, or a machine that slept, may have left a dead line behind. A live one answers in a fraction of this. */
const PROBE_MS = 4_000;

export class Heartbeat {
  readonly #random: Ports["random"];
  readonly #send: (text: string) => void;
  readonly #onSilence: () => void;
  readonly #timers: Timers<"welcome" | "ping" | "pong" | "probe">;
  /** Pending round trips. */
  readonly #waiting = new Set<(answered: boolean) => void>();

  constructor({ after, random }: Ports, send: (text: string) => void, onSilence: () => void) {
    this.#timers = new Timers(after);
    this.#random = random;
    this.#send = send;
    this.#onSilence = onSilence;
  }

  /** Call for each new socket, which MUST open, and lead to `expectAnswer`, within `ms`. */
  expectOpen(ms: number): void {
    this.#timers.start("welcome", ms, this.#onSilence);
  }

  /** Call before a token is asked for, and when a socket has opened: the hub MUST send its welcome, which leads to `beat`. */
  expectAnswer(): void {
    this.expectOpen(ANSWER_MS);
  }

  /** Pings every `everyMs` ± 10 %, until `stop`. */
  beat(everyMs: number): void {
    this.#timers.stop("welcome");
    const jitter = 0.9 + 0.2 * this.#random();
    this.#timers.start("ping", everyMs * jitter, () => {
      this.beat(everyMs);
      this.#ping(); // may find the socket closed, and stop everything
    });
  }

  /** Pings now, and waits for the answer less long: there is reason for doubt. */
  probe(): void {
    if (this.#timers.isRunning("probe")) return;
    this.#timers.start("probe", PROBE_MS, this.#onSilence);
    this.#ping();
  }

  /** Pings now. @returns the round-trip time in ms; `null` if stopped first */
  async roundTrip(): Promise<number | null> {
    const from = performance.now();
    const answered = new Promise<boolean>((resolve) => this.#waiting.add(resolve));
    this.#ping();
    return (await answered) ? performance.now() - from : null;
  }

  received(text: string): void {
    this.#timers.stop("pong"); // any message proves that the hub is alive
    this.#timers.stop("probe");
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
