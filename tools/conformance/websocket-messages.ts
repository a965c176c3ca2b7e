// WebSocket messages as bytes (RFC 6455, section 5). By hand, because the WebSocket of JavaScript sends no Authorization
// header, and reports a close only when the connection is gone too, for which a server may take 10 s.
import { randomBytes } from "node:crypto";
import { Mismatch } from "./mismatch.ts";

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const FINAL = 0x80;
const MASKED = 0x80;

export interface Message {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** The sender's role: a client masks what it sends, a server does not. */
export type Role = "client" | "server";

export function encodeMessage(opcode: number, payload: Buffer, role: Role): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(FINAL | opcode, 0);
  const masked = role === "client" ? MASKED : 0;
  if (length < 126) head.writeUInt8(masked | length, 1);
  else if (length < 65_536) {
    head.writeUInt8(masked | 126, 1);
    head.writeUInt16BE(length, 2);
  } else {
    head.writeUInt8(masked | 127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  if (role === "server") return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, masking(payload, mask)]);
}

/** @param code absent: a close frame without a code */
export function encodeClose(code: number | undefined, reason: string, role: Role): Buffer {
  const payload = Buffer.alloc(code === undefined ? 0 : 2);
  if (code !== undefined) payload.writeUInt16BE(code);
  return encodeMessage(CLOSE, Buffer.concat([payload, Buffer.from(reason)]), role);
}

export function decodeClose({ payload }: Message): { code: number; reason: string } {
  return { code: payload.length < 2 ? 1005 : payload.readUInt16BE(), reason: payload.subarray(2).toString() };
}

/** Parses messages from chunks. Fragments are joined; control messages may come between them. */
export class MessageReader {
  readonly #sender: Role;
  #bytes: Buffer = Buffer.alloc(0);
  #opcode = 0;
  #fragments: Buffer[] = [];

  /** @param sender the role of the side that sends these messages */
  constructor(sender: Role) {
    this.#sender = sender;
  }

  /** @throws a Mismatch if the sender violates the protocol */
  push(chunk: Buffer): Message[] {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const messages: Message[] = [];
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) {
      const { opcode, payload, isFinal } = frame;
      if (opcode >= CLOSE) messages.push({ opcode, payload });
      else {
        if (opcode !== 0) this.#opcode = opcode;
        this.#fragments.push(payload);
        if (!isFinal) continue;
        messages.push({ opcode: this.#opcode, payload: Buffer.concat(this.#fragments) });
        this.#fragments = [];
      }
    }
    return messages;
  }

  #nextFrame(): (Message & { isFinal: boolean }) | undefined {
    const bytes = this.#bytes;
    if (bytes.length < 2) return undefined;
    const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
    if ((first & 0x70) !== 0) throw new Mismatch("expected a WebSocket frame without an extension, got one with");
    const isMasked = (second & MASKED) !== 0;
    if (isMasked !== (this.#sender === "client")) {
      throw new Mismatch(`expected frames of a ${this.#sender}, got one that is${isMasked ? "" : " not"} masked`);
    }
    const short = second & 0x7f;
    const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
    const begin = lengthEnd + (isMasked ? 4 : 0);
    if (bytes.length < begin) return undefined;
    const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
    const end = begin + length;
    if (bytes.length < end) return undefined;
    this.#bytes = bytes.subarray(end);
    const content = bytes.subarray(begin, end);
    const payload = isMasked ? masking(content, bytes.subarray(lengthEnd, begin)) : content;
    return { opcode: first & 0x0f, payload, isFinal: (first & FINAL) !== 0 };
  }
}

function masking(payload: Buffer, mask: Buffer): Buffer {
  const masked = Buffer.from(payload);
  for (let n = 0; n < masked.length; n++) masked[n] = (masked[n] ?? 0) ^ (mask[n % 4] ?? 0);
  return masked;
}
