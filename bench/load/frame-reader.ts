// Parses a server's WebSocket frames from a stream of bytes, without copying those that arrive whole: a load generator
// has to be cheaper than what it measures.

/**
 * @param bytes holds the payload in [start, end), and only until the call returns
 * @param isCompressed by permessage-deflate
 */
export type OnFrame = (opcode: number, bytes: Buffer, start: number, end: number, isCompressed: boolean) => void;

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;

export class FrameReader {
  /** Whether the server may compress frames. */
  isCompressing = false;
  readonly #onFrame: OnFrame;
  /** A frame that has arrived in part: of its full size once the header is known, else of the size of that part. */
  #torn: Buffer | null = null;
  #filled = 0;

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame;
  }

  /** @throws an Error if a frame is masked, a fragment, or compressed unasked: nothing here expects one */
  push(chunk: Buffer, from = 0): void {
    let at = from;
    if (this.#torn) {
      at = this.#mend(this.#torn, chunk, at);
      if (this.#torn) return;
    }
    while (at < chunk.length) {
      const size = frameSize(chunk, at);
      if (size === 0 || at + size > chunk.length) {
        this.#tear(chunk, at, size);
        return;
      }
      this.#emit(chunk, at, at + size);
      at += size;
    }
  }

  #tear(chunk: Buffer, at: number, size: number): void {
    this.#torn = Buffer.allocUnsafe(size || chunk.length - at);
    this.#filled = chunk.copy(this.#torn, 0, at);
  }

  /** Completes the torn frame from `chunk`. @returns where in `chunk` the next frame begins */
  #mend(torn: Buffer, chunk: Buffer, from: number): number {
    const size = frameSize(torn, 0);
    if (size === 0) {
      // Torn within its header, 9 bytes at most.
      const whole = Buffer.concat([torn, chunk.subarray(from)]);
      this.#torn = null;
      this.push(whole);
      return chunk.length;
    }
    const copied = chunk.copy(torn, this.#filled, from, Math.min(chunk.length, from + torn.length - this.#filled));
    this.#filled += copied;
    if (this.#filled < torn.length) return chunk.length;
    this.#torn = null;
    this.#emit(torn, 0, size);
    return from + copied;
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    const first = bytes[start] ?? 0;
    const isCompressed = this.isCompressing && (first & 0xf0) === 0xc0;
    if (!isCompressed && (first & 0xf0) !== 0x80) throw new Error("a frame is compressed, or a fragment");
    this.#onFrame(first & 0x0f, bytes, start + headerSize(bytes[start + 1] ?? 0), end, isCompressed);
  }
}

function headerSize(second: number): number {
  return second === 127 ? 10 : second === 126 ? 4 : 2;
}

/** @returns the bytes of the frame at `at`, with its header, or 0 if its header is incomplete */
function frameSize(bytes: Buffer, at: number): number {
  const second = bytes[at + 1];
  if (second === undefined) return 0;
  if (second > 127) throw new Error("a server masked a frame");
  if (second < 126) return 2 + second;
  if (second === 126) return bytes.length < at + 4 ? 0 : 4 + bytes.readUInt16BE(at + 2);
  return bytes.length < at + 10 ? 0 : 10 + Number(bytes.readBigUInt64BE(at + 2));
}
