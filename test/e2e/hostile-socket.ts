// A client that can send any bytes over TCP, and records the response to its handshake, texts, and the close code. It never
// answers a close, and stays open until `destroy`.
import { connect, type Socket } from "node:net";
import { frameOf, handshake } from "../../tools/fuzz/raw-socket.ts";

const TEXT = 0x1;
const CLOSE = 0x8;

/** Shorter than the timeout of the test, so that a silent hub is reported as such. */
const TIMEOUT_MS = 40_000;

export class HostileSocket {
  /** The status of the response to its handshake or request; 0 until it arrives. */
  status = 0;
  /** Everything before the frames. */
  head = "";
  readonly texts: string[] = [];
  closeCode: number | null = null;
  /** Whether the connection has ended. */
  ended = false;
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #onChange = () => {};

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("error", () => {}); // a reset is a close too
    this.#socket.on("close", () => {
      this.ended = true;
      this.#onChange();
    });
    this.#socket.on("data", (bytes) => {
      this.#bytes = Buffer.concat([this.#bytes, bytes]);
      this.#read();
      this.#onChange();
    });
  }

  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Requests a socket, and waits for the response. */
  async upgrade(path: string, headers: readonly string[]): Promise<void> {
    this.write(handshake(path, headers));
    await this.until("an answer", () => this.status > 0 || this.ended);
  }

  /** Sends a valid text frame. */
  send(text: string): void {
    this.write(frameOf(Buffer.from(text)));
  }

  /** Reads nothing from now on. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** @throws an Error if it ends or times out before */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = AbortSignal.timeout(TIMEOUT_MS);
    while (!holds()) {
      if (this.ended || deadline.aborted) {
        const last = this.texts.at(-1)?.slice(0, 200);
        throw new Error(
          `${this.ended ? "closed" : "timeout"} instead of ${what}; close code ${this.closeCode}, last ${last}`,
        );
      }
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
        deadline.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  /** Waits until it is closed. @throws an Error if that is with another code */
  async closedWith(...codes: number[]): Promise<void> {
    await this.until(`a close with ${codes}`, () => this.closeCode !== null);
    if (!codes.includes(this.closeCode ?? 0)) throw new Error(`closed with ${this.closeCode} instead of ${codes}`);
  }

  /** Waits for `count` more texts that contain `part`. */
  async receives(part: string, count = 1): Promise<void> {
    const before = this.texts.length;
    await this.until(
      `${count} × ${part}`,
      () => this.texts.slice(before).filter((text) => text.includes(part)).length >= count,
    );
  }

  destroy(): void {
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

  /** Servers send frames unmasked and unfragmented. */
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
