// What a client sends on a WebSocket, as bytes.
import { TEXT } from "./frame-reader.ts";

/** A message as one frame, masked by zeros: as valid as any mask, and nothing to compute. */
export function clientMessage(text: string, opcode = TEXT): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > 0xffff) throw new Error("a message of a bench fits 64 KiB");
  const short = payload.length < 126;
  const head = Buffer.alloc(short ? 6 : 8); // the last four bytes are the mask
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (short ? payload.length : 126);
  if (!short) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** What Chromium and Node offer with every WebSocket. */
const OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

/** The request that opens a WebSocket. @param offers whether it offers compression, as browsers do: a server may then measure zlib */
export function upgradeRequest(path: string, subprotocols: readonly string[], offers: boolean): string {
  return [
    `GET ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...(subprotocols.length > 0 ? [`Sec-WebSocket-Protocol: ${subprotocols.join(", ")}`] : []),
    ...(offers ? [OFFER] : []),
    "\r\n",
  ].join("\r\n");
}
