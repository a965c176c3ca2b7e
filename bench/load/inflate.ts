// Inflates what a server has compressed, as cheaply as can be: a load generator has to be cheaper than what it measures.
import { constants, createInflateRaw, type InflateRaw, inflateRawSync } from "node:zlib";

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
  // Synchronous and undocumented, and older than most of what relies on it.
  readonly #stream = createInflateRaw() as InflateRaw & { _processChunk(chunk: Buffer, flush: number): Buffer };

  inflate(deflated: Buffer): Buffer {
    return this.#stream._processChunk(Buffer.concat([deflated, TAIL]), constants.Z_SYNC_FLUSH);
  }
}
