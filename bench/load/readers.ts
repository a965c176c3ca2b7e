// Groups of readers, as a bench handles them: they live in one thread of their own, so that who emits is not held up.
import { Worker } from "node:worker_threads";
import { nowUs } from "./clock.ts";
import type { GroupOptions, Taken } from "./reader-group.ts";
import type { Answer, Order } from "./reader-thread.ts";

export class Readers {
  readonly #worker = new Worker(new URL("./reader-thread.ts", import.meta.url));
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  #orders = 0;
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

  /** Opens `options.count` readers. */
  async open(options: GroupOptions): Promise<Group> {
    const group = new Group(this, this.#groups++, options.count);
    await this.order(group.number, "new", options);
    await this.order(group.number, "open");
    return group;
  }

  order(group: number, act: Order["act"], ...args: unknown[]): Promise<unknown> {
    const id = this.#orders++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, group, act, args } satisfies Order);
    });
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** As `ReaderGroup`, seen from outside of its thread. */
export class Group {
  readonly number: number;
  readonly size: number;
  readonly #readers: Readers;

  constructor(readers: Readers, number: number, size: number) {
    this.#readers = readers;
    this.number = number;
    this.size = size;
  }

  async reset(): Promise<void> {
    await this.#readers.order(this.number, "reset");
  }

  /**
   * What came since the reset, once every reader has had `each` events.
   *
   * @throws an Error if some were lost or doubled, or a reader broke: nothing was measured then
   */
  async take(each: number, timeoutMs?: number): Promise<Taken> {
    const taken = (await this.#readers.order(this.number, "take", each, timeoutMs)) as Taken;
    const { faults, uneven, delivered } = taken;
    if (faults.length > 0) throw new Error(faults.slice(0, 3).join("; "));
    if (uneven > 0) {
      throw new Error(`${uneven} readers have not had ${each} events: ${delivered} of ${each * this.size} came`);
    }
    return taken;
  }

  async leave(): Promise<void> {
    await this.#readers.order(this.number, "leave");
  }

  /** All come back at once, each from the place that it had reached. @returns when they began to, on the clock of `nowUs` */
  async comeBack(): Promise<number> {
    const startUs = nowUs();
    await this.#readers.order(this.number, "open", true);
    return startUs;
  }

  async say(text: string, different?: number): Promise<void> {
    await this.#readers.order(this.number, "say", text, different);
  }

  async ping(everyMs: number): Promise<void> {
    await this.#readers.order(this.number, "ping", everyMs);
  }

  async pause(): Promise<void> {
    await this.#readers.order(this.number, "pause");
  }

  async resume(): Promise<void> {
    await this.#readers.order(this.number, "resume");
  }

  /** Goes, and remembers nothing. */
  async close(): Promise<void> {
    await this.#readers.order(this.number, "close");
  }
}
