// Everything that a hub says on a socket up to its close frame, read by hand: a WebSocket of JavaScript tells of the close
// only when the connection is gone too, and a server may take its time with that.
import type { Duplex } from "node:stream";
import { type Json, Mismatch } from "./mismatch.ts";

const TEXT = 1;
const CLOSE = 8;

export interface SaidAndClosed {
  readonly frames: readonly Json[];
  readonly code: number;
}

/** @param socket upgraded, with no extension @param head what of it was read already */
export async function readUntilClose(socket: Duplex, head: Buffer): Promise<SaidAndClosed> {
  const frames: Json[] = [];
  let bytes = head;
  for (;;) {
    for (let message = firstMessage(bytes); message; message = firstMessage(bytes)) {
      bytes = bytes.subarray(message.end);
      if (message.opcode === CLOSE)
        return { frames, code: message.payload.length < 2 ? 1005 : message.payload.readUInt16BE() };
      if (message.opcode === TEXT) frames.push(JSON.parse(message.payload.toString()));
    }
    const chunk = await nextChunk(socket);
    if (!chunk)
      throw new Mismatch(`expected a close frame, got the end of the connection after ${frames.length} frames`);
    bytes = Buffer.concat([bytes, chunk]);
  }
}

/** RFC 6455, 5.2, of a server: never masked, and here never in pieces. */
function firstMessage(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 0x7f;
  const begin = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < begin) return undefined;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const end = begin + length;
  return bytes.length < end
    ? undefined
    : { opcode: bytes.readUInt8(0) & 0x0f, payload: bytes.subarray(begin, end), end };
}

function nextChunk(socket: Duplex): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      socket.off("data", onData).off("end", onEnd).off("close", onEnd).off("error", onError);
      socket.pause();
      act();
    };
    const onData = (chunk: Buffer) => settle(() => resolve(chunk));
    const onEnd = () => settle(() => resolve(undefined));
    const onError = (error: Error) => settle(() => reject(error));
    socket.on("data", onData).on("end", onEnd).on("close", onEnd).on("error", onError);
    socket.resume();
  });
}
