// A client that can send any bytes over TCP, among them a WebSocket handshake and frames.
import { connect, type Socket } from "node:net";

const TEXT = 0x1;

const MASK = Buffer.from([1, 2, 3, 4]); // not random: that protects proxies, and there are none here

/** @param opcode 4 bits @param flags the other 4 of the first byte: `0x8` is FIN */
export function frameOf(payload: Uint8Array, opcode = TEXT, flags = 0x8, masked = true): Buffer {
  const { length } = payload;
  const short = length < 126 ? length : length < 0x1_0000 ? 126 : 127;
  const head = Buffer.alloc(short === 126 ? 4 : short === 127 ? 10 : 2);
  head[0] = ((flags & 0xf) << 4) | (opcode & 0xf);
  head[1] = (masked ? 0x80 : 0) | short;
  if (short === 126) head.writeUInt16BE(length, 2);
  if (short === 127) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([head, payload]);
  return Buffer.concat([head, MASK, payload.map((byte, n) => byte ^ (MASK[n % 4] ?? 0))]);
}

export function handshake(path: string, headers: readonly string[]): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: hub.test",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
    "\r\n",
  ].join("\r\n");
}

/** The texts of the complete frames after the handshake's response, as servers send them: unmasked, unfragmented. */
export function textsIn(reply: string): string[] {
  const bytes = Buffer.from(reply.slice(reply.indexOf("\r\n\r\n") + 4), "latin1");
  const texts: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = bytes.readUInt8(at + 1);
    const head = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (at + head > bytes.length) break;
    const length =
      short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
    if (at + head + length > bytes.length) break;
    if ((bytes.readUInt8(at) & 0xf) === TEXT) texts.push(bytes.toString("utf8", at + head, at + head + length));
    at += head + length;
  }
  return texts;
}

/** How a conversation ended. */
export interface Conversation {
  /** Everything that was received, one letter per byte. */
  readonly text: string;
  /** `answered`: the expected text arrived; `closed`: the hub closed the connection; `silent`: neither, in time. */
  readonly end: "answered" | "closed" | "silent";
}

/** Sends `chunks`, and reads until `isEnough`, the hub closes, or `timeoutMs` pass without a byte. */
export function converse(
  port: number,
  chunks: readonly (string | Uint8Array)[],
  isEnough: (text: string) => boolean,
  timeoutMs: number,
): Promise<Conversation> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, "127.0.0.1");
    let text = "";
    const finish = (end: Conversation["end"]) => {
      socket.destroy();
      resolve({ text, end });
    };
    socket.setTimeout(timeoutMs, () => finish("silent"));
    socket.on("error", () => {}); // a reset is a close too
    socket.on("close", () => finish("closed"));
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      if (isEnough(text)) finish("answered");
    });
    for (const chunk of chunks) socket.write(chunk);
  });
}
