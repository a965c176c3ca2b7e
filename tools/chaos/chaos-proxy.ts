// A link of chaos: a bad network between one client and the hub. It freezes, delays, splits chunks into pieces, and breaks
// connections without a close frame.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";

const MAX_PIECES = 16;

export class Link {
  /** How long each chunk waits, and those behind it with it. */
  delayMs = 0;
  /** Whether each chunk arrives as several, the first of one byte: in the middle of a WebSocket frame's header. */
  splits = false;
  readonly #open = new Set<Socket>();
  readonly #server = createServer((near) => this.#join(near));
  readonly #hubPort: number;
  #frozen: PromiseWithResolvers<void> | undefined;

  private constructor(hubPort: number) {
    this.#hubPort = hubPort;
  }

  /** @param hubPort on 127.0.0.1 */
  static async open(hubPort: number): Promise<Link> {
    const link = new Link(hubPort);
    link.#server.listen(0, "127.0.0.1");
    await once(link.#server, "listening");
    return link;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get isSlow(): boolean {
    return this.#frozen !== undefined || this.delayMs > 0 || this.splits;
  }

  /** Nothing passes, in either direction, not even a FIN; what was sent waits where it is. */
  freeze(): void {
    this.#frozen ??= Promise.withResolvers();
  }

  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = undefined;
  }

  /** Breaks every connection by a RST: what is in flight is not read. */
  cut(): void {
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  heal(): void {
    this.delayMs = 0;
    this.splits = false;
    this.thaw();
  }

  async close(): Promise<void> {
    this.heal();
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(near: Socket): void {
    const far = connect(this.#hubPort, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(from);
      from.setNoDelay(true);
      from.once("close", () => this.#open.delete(from));
      pipeline(from, (chunks: AsyncIterable<Buffer>) => this.#carry(chunks), to).catch(() => {
        near.destroy();
        far.destroy();
      });
    }
  }

  /** Reads the next chunk only when the last one was sent, so that a frozen link fills up and stalls its sender. */
  async *#carry(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      while (this.#frozen) await this.#frozen.promise;
      if (this.delayMs > 0) await sleep(this.delayMs);
      if (!this.splits) yield chunk;
      else yield* pieces(chunk);
    }
    while (this.#frozen) await this.#frozen.promise;
  }
}

async function* pieces(chunk: Buffer): AsyncGenerator<Buffer> {
  const size = Math.ceil(chunk.length / MAX_PIECES);
  for (let from = 0, to = 1; from < chunk.length; from = to, to += size) {
    yield chunk.subarray(from, to);
    await sleep(1);
  }
}
