// Groups of subscribers, as a bench uses them. They run in one worker thread, so that they do not delay the publishers.
import { Worker } from "node:worker_threads";
import { nowUs } from "./clock.ts";
import type { GroupOptions, Received } from "./load-group.ts";
import type { Answer, Call } from "./load-worker.ts";

export class LoadThread {
  readonly #worker = new Worker(new URL("./load-worker.ts", import.meta.url));
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #calls = 0;
  #groups = 0;

  constructor() {
    this.#worker.on("message", (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("error" in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.value);
    });
    this.#worker.on("error", (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  /** Opens `options.count` subscribers. */
  async open(options: GroupOptions): Promise<RemoteGroup> {
    const group = new RemoteGroup(this, this.#groups++, options.count);
    await this.call(group.number, "new", options);
    await this.call(group.number, "open");
    return group;
  }

  call(group: number, method: Call["method"], ...args: unknown[]): Promise<unknown> {
    const id = this.#calls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, group, method, args } satisfies Call);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** A `LoadGroup` of that thread, as seen from outside. */
export class RemoteGroup {
  readonly number: number;
  readonly size: number;
  readonly #thread: LoadThread;

  constructor(thread: LoadThread, number: number, size: number) {
    this.#thread = thread;
    this.number = number;
    this.size = size;
  }

  async reset(): Promise<void> {
    await this.#thread.call(this.number, "reset");
  }

  /** How many events they have received together after the reset. */
  async counted(): Promise<number> {
    return (await this.#thread.call(this.number, "counted")) as number;
  }

  /**
   * Waits until every subscriber has received `each` events after the reset. @returns all that they received
   *
   * @throws an Error if events were lost or doubled, or a connection failed: then nothing was measured
   */
  async receive(each: number, timeoutMs?: number): Promise<Received> {
    const received = (await this.#thread.call(this.number, "receive", each, timeoutMs)) as Received;
    const { faults, uneven, delivered } = received;
    if (faults.length > 0) throw new Error(faults.slice(0, 3).join("; "));
    if (uneven > 0) {
      throw new Error(
        `${uneven} subscribers did not receive ${each} events: ${delivered} of ${each * this.size} arrived`,
      );
    }
    return received;
  }

  async disconnect(): Promise<void> {
    await this.#thread.call(this.number, "disconnect");
  }

  /** All reconnect at once, each from its position. @returns when they began to, on the clock of `nowUs` */
  async reconnect(): Promise<number> {
    const startUs = nowUs();
    await this.#thread.call(this.number, "open", true);
    return startUs;
  }

  async send(text: string, different?: number): Promise<void> {
    await this.#thread.call(this.number, "send", text, different);
  }

  async ping(everyMs: number): Promise<void> {
    await this.#thread.call(this.number, "ping", everyMs);
  }

  async pause(): Promise<void> {
    await this.#thread.call(this.number, "pause");
  }

  async resume(): Promise<void> {
    await this.#thread.call(this.number, "resume");
  }

  /** Disconnects all, and forgets them. */
  async close(): Promise<void> {
    await this.#thread.call(this.number, "close");
  }
}
