// A group of subscribers of one server, and the counts of what they received. It runs in a worker thread (load-worker.ts).
import { clientMessage } from "./client-message.ts";
import { nowUs } from "./clock.ts";
import { Latencies } from "./latencies.ts";
import { type Dialect, LoadSubscriber } from "./load-subscriber.ts";

export interface GroupOptions {
  readonly port: number;
  /** `{}` is replaced by the number of the subscriber in its group, from 0. */
  readonly path: string;
  readonly dialect: Dialect;
  readonly count: number;
  /** Whether they connect as browsers do: see `LoadSubscriberOptions`. */
  readonly offers?: boolean;
  readonly receivesAll?: boolean;
  /** One in this many subscribers is sampled. */
  readonly sampleEvery?: number;
}

/** What a group has received since the counts were last reset. */
export interface Received {
  readonly delivered: number;
  readonly frames: number;
  readonly bytes: number;
  /** Frames without an event of the log. */
  readonly others: number;
  /** When the last event arrived, on the clock of `nowUs`. */
  readonly lastUs: number;
  /** The buckets of `Latencies`. */
  readonly latencies: Uint32Array;
  readonly faults: readonly string[];
  /** How many subscribers received fewer or more events than they should. */
  readonly uneven: number;
  /** CPU time of the thread of the subscribers. */
  readonly cpuMs: number;
  readonly elapsedMs: number;
}

/** How many open at a time: a server's accept queue is short. */
const OPENING = 64;

export class LoadGroup {
  readonly #options: GroupOptions;
  readonly #subscribers: LoadSubscriber[] = [];
  readonly #faults: string[] = [];
  readonly #tally = {
    delivered: 0,
    frames: 0,
    bytes: 0,
    others: 0,
    lastUs: 0,
    latencies: new Latencies(),
    fault: (what: string) => void this.#faults.push(what),
    counted: () => this.#check(),
  };
  #awaited = Number.POSITIVE_INFINITY;
  #reached = () => {};
  #cpuBefore = process.threadCpuUsage();
  #resetUs = nowUs();
  #pinging: NodeJS.Timeout | undefined;

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** @param resume whether each subscriber resumes from its position; then all open at once */
  async open(resume = false): Promise<void> {
    const { count, path, port, dialect, offers = false, receivesAll = true, sampleEvery = 20 } = this.#options;
    const positions = this.#subscribers.splice(0).map(({ epoch, position }) => ({ epoch, position }));
    const opening: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const from = resume ? positions[index] : undefined;
      const query = from ? `&cursor=${from.epoch}.${from.position}` : "";
      const sampled = index % sampleEvery === sampleEvery - 1;
      const options = { port, path: path.replace("{}", String(index)) + query, dialect, offers, receivesAll, sampled };
      const subscriber = new LoadSubscriber(options, this.#tally);
      this.#subscribers.push(subscriber);
      opening.push(subscriber.opened());
      if (!resume && opening.length === OPENING) await Promise.all(opening.splice(0));
    }
    await Promise.all(opening);
  }

  reset(): void {
    for (const subscriber of this.#subscribers) subscriber.count = 0;
    Object.assign(this.#tally, { delivered: 0, frames: 0, bytes: 0, others: 0, lastUs: 0, latencies: new Latencies() });
    this.#cpuBefore = process.threadCpuUsage();
    this.#resetUs = nowUs();
  }

  /** How many events were received after the reset. */
  counted(): number {
    return this.#tally.delivered;
  }

  /** @param each how many events every subscriber should receive after the reset; waits up to `timeoutMs` for them */
  async receive(each: number, timeoutMs = 60_000): Promise<Received> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#awaited = each * this.#subscribers.length;
    this.#reached = resolve;
    const late = setTimeout(resolve, timeoutMs);
    this.#check();
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
      uneven: this.#subscribers.filter(({ count }) => count !== each).length,
      cpuMs: (user + system) / 1e3,
      elapsedMs: (nowUs() - this.#resetUs) / 1e3,
    };
  }

  /** Every subscriber sends this. `{}` is replaced by its number modulo `different`. */
  send(text: string, different = this.#subscribers.length): void {
    for (const [index, subscriber] of this.#subscribers.entries()) {
      subscriber.send(clientMessage(text.replace("{}", String(index % different))));
    }
  }

  /** From now on each subscriber sends `ping` every `everyMs`, one after the other. */
  ping(everyMs: number): void {
    const ping = clientMessage("ping");
    let next = 0;
    clearInterval(this.#pinging);
    this.#pinging = setInterval(() => {
      this.#subscribers[next % this.#subscribers.length]?.send(ping);
      next += 1;
    }, everyMs / this.#subscribers.length);
  }

  pause(): void {
    for (const subscriber of this.#subscribers) subscriber.pause();
  }

  resume(): void {
    for (const subscriber of this.#subscribers) subscriber.resume();
  }

  /** Drops all connections, without a close frame; `open(true)` resumes. */
  disconnect(): void {
    for (const subscriber of this.#subscribers) subscriber.disconnect();
  }

  close(): void {
    clearInterval(this.#pinging);
    this.disconnect();
  }

  #check(): void {
    if (this.#tally.delivered >= this.#awaited || this.#faults.length > 0) this.#reached();
  }
}
