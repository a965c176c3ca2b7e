// The text of a binary message under `reactor.v1.deflate`: one raw deflate stream (RFC 1951), and nothing behind it.
import { constants, inflateRawSync } from "node:zlib";
import { Mismatch } from "./mismatch.ts";

/** Of a frame, in UTF-8. */
const LARGEST_FRAME_BYTES = 262_144;

/** @throws a Mismatch if it is none, or inflates to anything but a whole `reactor_events` */
export function inflated(payload: Buffer): string {
  const text = inflate(payload);
  try {
    if (JSON.parse(text).type === "reactor_events") return text;
  } catch {
    // It is no JSON.
  }
  throw new Mismatch(`expected a binary message to be a whole reactor_events, got ${text.slice(0, 300)}`);
}

function inflate(payload: Buffer): string {
  const options = { info: true, maxOutputLength: LARGEST_FRAME_BYTES, finishFlush: constants.Z_FINISH };
  let made: { buffer: Buffer; engine: { bytesWritten: number } };
  try {
    made = inflateRawSync(payload, options) as unknown as typeof made;
  } catch (error) {
    throw new Mismatch(`expected a raw deflate stream of a frame, got ${payload.length} bytes: ${error}`);
  }
  const behind = payload.length - made.engine.bytesWritten;
  if (behind > 0)
    throw new Mismatch(`expected a message to end with its deflate stream, got ${behind} bytes behind it`);
  return made.buffer.toString();
}
