// Parses what a NATS server says: lines, and messages whose size their line states. It arrives in pieces of any size, over TCP
// or within the frames of a WebSocket. A message that arrives whole is not copied.

export interface NatsListener {
  /** @param bytes holds the payload in [start, end), and only until the call returns */
  message(bytes: Buffer, start: number, end: number): void;
  /** INFO, PING and PONG. */
  line(text: string): void;
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;
const M = 0x4d;
const LINE_END = Buffer.from("\r\n");

export class NatsReader {
  readonly #listener: NatsListener;
  /** The beginning of what has not arrived whole. */
  #rest: Buffer | null = null;

  constructor(listener: NatsListener) {
    this.#listener = listener;
  }

  /** @throws an Error if the server reports one, or if a message does not end where its size says */
  push(chunk: Buffer, start = 0, end = chunk.length): void {
    let [bytes, at, limit] = [chunk, start, end];
    if (this.#rest) {
      bytes = Buffer.concat([this.#rest, chunk.subarray(start, end)]);
      [at, limit] = [0, bytes.length];
      this.#rest = null;
    }
    while (at < limit) {
      const next = this.#take(bytes, at, limit);
      if (next === 0) {
        this.#rest = Buffer.from(bytes.subarray(at, limit));
        return;
      }
      at = next;
    }
  }

  /** @returns where the next one begins, 0 if this one is incomplete */
  #take(bytes: Buffer, at: number, limit: number): number {
    const lineEnd = bytes.indexOf(LINE_END, at, "latin1");
    if (lineEnd === -1 || lineEnd + 2 > limit) return 0;
    if (bytes[at] !== M) {
      const text = bytes.toString("latin1", at, lineEnd);
      if (text.startsWith("-ERR")) throw new Error(`the NATS server reports ${text.slice(5)}`);
      this.#listener.line(text);
      return lineEnd + 2;
    }
    const start = lineEnd + 2;
    const end = start + sizeBefore(bytes, lineEnd);
    if (end + 2 > limit) return 0;
    if (bytes[end] !== CR || bytes[end + 1] !== LF) throw new Error("a NATS message does not end where its size says");
    this.#listener.message(bytes, start, end);
    return end + 2;
  }
}

/** The last word of `MSG subject sid [reply] size`. */
function sizeBefore(bytes: Buffer, lineEnd: number): number {
  let size = 0;
  for (let [at, unit] = [lineEnd - 1, 1]; bytes[at] !== SPACE; at--, unit *= 10) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) throw new Error("a NATS message has no size");
    size += digit * unit;
  }
  return size;
}
