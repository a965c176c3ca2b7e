// A client that may say whatever TCP lets it, and hears what comes of it: the answer to its handshake, texts, and with
// which code it is closed. It never answers a close, and stays until it is told to go.
import { connect, type Socket } from "node:net";
import { frameOf, handshake } from "../../tools/fuzz/raw-socket.ts";

const TEXT = 0x1;
const CLOSE = 0x8;

/** So that a hub that says nothing shows as that, and not as a test that takes too long. */
const PATIENCE_MS = 40_000;

export class HostileSocket {
  /** Of the answer to its handshake, or to its request; 0 until it came. */
  status = 0;
  /** All that came before the frames. */
  head = "";
  readonly texts: string[] = [];
  closeCode: number | null = null;
  /** Whether the other side has hung up. */
  ended = false;
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #told = () => {};

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("error", () => {}); // a reset is an end as good as another
    this.#socket.on("close", () => {
      this.ended = true;
      this.#told();
    });
    this.#socket.on("data", (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#read();
      this.#told();
    });
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Asks for a socket, and waits for whatever is answered. */
  async knock(path: string, headers: readonly string[]): Promise<void> {
    this.write(handshake(path, headers));
    await this.until("an answer", () => this.status > 0 || this.ended);
  }

  /** Says something in a frame as it should be. */
  say(text: string): void {
    this.write(frameOf(Buffer.from(text)));
  }

  /** From now on it takes nothing in. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** @throws an Error if it does not come to that */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(PATIENCE_MS);
    while (!holds()) {
      if (this.ended || deadline.aborted) {
        const last = this.texts.at(-1)?.slice(0, 200);
        throw new Error(
          `${this.ended ? "hung up" : "silence"} instead of ${what}; closed ${this.closeCode}, last ${last}`,
        );
      }
      await new Promise<void>((resolve) => {
        this.#told = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Waits until it was sent away. @throws an Error if that was by another code */
  async sentAway(...codes: number[]): Promise<void> {
    await this.until(`a close with ${codes}`, () => this.closeCode !== null);
    if (!codes.includes(this.closeCode ?? 0)) throw new Error(`closed with ${this.closeCode} instead of ${codes}`);
  }

  /** Waits for `count` more texts with `part` in them. */
  async hears(part: string, count = 1): Promise<void> {
    const before = this.texts.length;
    await this.until(
      `${count} × ${part}`,
      () => this.texts.slice(before).filter((text) => text.includes(part)).length >= count,
    );
  }

  leave(): void {
    this.#socket.destroy();
  }

  #read(): void {
    if (this.status === 0) {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end === -1) return;
      this.head = this.#bytes.toString("latin1", 0, end);
      this.status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(this.head)?.[1] ?? 0);
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    if (this.status === 101) while (this.#readFrame());
  }

  /** Servers send frames unmasked, and in one piece. */
  #readFrame(): boolean {
    const bytes = this.#bytes;
    if (bytes.length < 2) return false;
    const short = bytes.readUInt8(1);
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (bytes.length < head) return false;
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
    if (bytes.length < head + length) return false;
    const opcode = bytes.readUInt8(0) & 0xf;
    if (opcode === TEXT) this.texts.push(bytes.toString("utf8", head, head + length));
    if (opcode === CLOSE) this.closeCode = length >= 2 ? bytes.readUInt16BE(head) : 1005;
    this.#bytes = bytes.subarray(head + length);
    return true;
  }
}
