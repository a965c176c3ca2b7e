// Inflates what a server has compressed, as cheaply as can be: a load generator has to be cheaper than what it measures.
import { constants, createInflateRaw, type DeflateRaw, type InflateRaw, inflateRawSync } from "node:zlib";

/** So many are kept: subscribers read one after the other, each what came to it meanwhile. */
const KEPT = 64;

interface Kept {
  readonly deflated: Buffer;
  readonly message: Buffer;
}

const kept = new Map<number, Kept>();

/**
 * The message of `reactor.v1.deflate` in `deflated`. A hub sends the same bytes to all sockets of a group, so all subscribers of a
 * thread inflate them once, and compare them else, which takes a hundredth of that. A browser has only its own to inflate.
 */
export function inflateShared(deflated: Buffer): Buffer {
  const key = deflated.length * 2 ** 32 + (deflated.length < 4 ? 0 : deflated.readUInt32LE(deflated.length - 4));
  const known = kept.get(key);
  if (known?.deflated.equals(deflated)) return known.message;
  const message = inflateRawSync(deflated);
  const [oldest] = kept.keys();
  if (kept.size === KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(key, { deflated: Buffer.from(deflated), message });
  return message;
}

/** What a sender takes off each message (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);

/** The messages of one socket with permessage-deflate: each needs those before it. */
export class MessageInflater {
  readonly #stream = createInflateRaw();

  inflate(deflated: Buffer): Buffer {
    return chunkSync(this.#stream, Buffer.concat([deflated, TAIL]));
  }
}

interface Engine {
  _handle: { close(): void };
  _processChunk(chunk: Buffer, flush: number): Buffer;
}

/** What a stream makes of a chunk, at once; it holds until the next one. Node's own call, undocumented and old, gives up the stream's memory behind each chunk. */
export function chunkSync(stream: InflateRaw | DeflateRaw, chunk: Buffer): Buffer {
  const engine = stream as unknown as Engine;
  const handle = engine._handle;
  handle.close = () => {};
  const made = engine._processChunk(chunk, constants.Z_SYNC_FLUSH);
  engine._handle = handle;
  stream.removeAllListeners("error"); // each call adds one
  return made;
}
