// A number of readers of one server, and what came to them; lives in a thread of its own (reader-thread.ts).
import { clientMessage } from "./client-message.ts";
import { nowUs } from "./clock.ts";
import { Latencies } from "./latencies.ts";
import { type Dialect, Reader } from "./reader.ts";

export interface GroupOptions {
  readonly port: number;
  /** `{}` stands for the number of the reader in its group, from 0. */
  readonly path: string;
  readonly dialect: Dialect;
  readonly count: number;
  readonly hearsAll?: boolean;
  /** Of every so many readers, one is sampled. */
  readonly sampleEvery?: number;
}

/** What came since the counts were last set to 0. */
export interface Taken {
  readonly delivered: number;
  readonly frames: number;
  readonly bytes: number;
  /** Frames without an event of the log. */
  readonly others: number;
  /** Of the last event, on the clock of `nowUs`. */
  readonly lastUs: number;
  /** Of `Latencies`. */
  readonly latencies: Uint32Array;
  readonly faults: readonly string[];
  /** Readers that have had fewer, or more, events than they should. */
  readonly uneven: number;
  /** What the thread of the readers has used of a core. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** What opens at once: a server's queue of those who wait to be let in is short. */
const OPENING = 64;

export class ReaderGroup {
  readonly #options: GroupOptions;
  readonly #readers: Reader[] = [];
  readonly #faults: string[] = [];
  readonly #tally = {
    delivered: 0,
    frames: 0,
    bytes: 0,
    others: 0,
    lastUs: 0,
    latencies: new Latencies(),
    fault: (what: string) => void this.#faults.push(what),
    counted: () => this.#counted(),
  };
  #awaited = Number.POSITIVE_INFINITY;
  #reached = () => {};
  #cpuBefore = process.threadCpuUsage();
  #resetUs = nowUs();
  #pinging: NodeJS.Timeout | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** @param resume whether each reader goes on from the place that it has reached, all at once */
  async open(resume = false): Promise<void> {
    const { count, path, port, dialect, hearsAll = true, sampleEvery = 20 } = this.#options;
    const places = this.#readers.splice(0).map(({ epoch, own }) => ({ epoch, own }));
    const waiting: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const place = resume ? places[index] : undefined;
      const query = place ? `&cursor=${place.epoch}.${place.own}` : "";
      const sampled = index % sampleEvery === sampleEvery - 1;
      const options = { port, path: path.replace("{}", String(index)) + query, dialect, hearsAll, sampled };
      const reader = new Reader(options, this.#tally);
      this.#readers.push(reader);
      waiting.push(reader.opened());
      if (!resume && waiting.length === OPENING) await Promise.all(waiting.splice(0));
    }
    await Promise.all(waiting);
  }

  reset(): void {
    for (const reader of this.#readers) reader.count = 0;
    Object.assign(this.#tally, { delivered: 0, frames: 0, bytes: 0, others: 0, lastUs: 0, latencies: new Latencies() });
    this.#cpuBefore = process.threadCpuUsage();
    this.#resetUs = nowUs();
  }

  /** @param each the events that every reader should have had since the reset; waits for them up to `timeoutMs` */
  async take(each: number, timeoutMs = 60_000): Promise<Taken> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = each * this.#readers.length;
    this.#reached = resolve;
    const late = setTimeout(resolve, timeoutMs);
    this.#counted();
    await promise;
    clearTimeout(late);
    this.#awaited = Number.POSITIVE_INFINITY;
    const { delivered, frames, bytes, others, lastUs, latencies } = this.#tally;
    const { user, system } = process.threadCpuUsage(this.#cpuBefore);
    return {
      delivered,
      frames,
      bytes,
      others,
      lastUs,
      latencies: latencies.counts,
      faults: [...new Set(this.#faults.splice(0))],
      uneven: this.#readers.filter(({ count }) => count !== each).length,
      cpuMs: (user + system) / 1e3,
      elapsedMs: (nowUs() - this.#resetUs) / 1e3,
    };
  }

  /** Every reader says this. `{}` stands for its number, modulo `different`. */
  say(text: string, different = this.#readers.length): void {
    for (const [index, reader] of this.#readers.entries()) {
      reader.say(clientMessage(text.replace("{}", String(index % different))));
    }
  }

  /** From now on each reader says `ping` every `everyMs`, one after the other. */
  ping(everyMs: number): void {
    const ping = clientMessage("ping");
    let next = 0;
    clearInterval(this.#pinging);
    this.#pinging = setInterval(() => {
      this.#readers[next % this.#readers.length]?.say(ping);
      next += 1;
    }, everyMs / this.#readers.length);
  }

  pause(): void {
    for (const reader of this.#readers) reader.pause();
  }

  resume(): void {
    for (const reader of this.#readers) reader.resume();
  }

  /** All go, without a word; `open(true)` brings them back. */
  leave(): void {
    for (const reader of this.#readers) reader.leave();
  }

  close(): void {
    clearInterval(this.#pinging);
    this.leave();
  }

  #counted(): void {
    if (this.#tally.delivered >= this.#awaited || this.#faults.length > 0) this.#reached();
  }
}
