// A WebSocket upgrade by hand: with any headers, and with the response if it is refused.
import { createHash, randomBytes } from "node:crypto";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import type { Duplex } from "node:stream";
import { expectEqual, type Json } from "./mismatch.ts";
import type { Reply } from "./reply.ts";

/** RFC 6455, 1.3: what a server appends to the client's key before it hashes it. */
const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** The response of the hub; the caller has to destroy the socket. */
export interface Upgraded {
  readonly reply: Reply;
  readonly socket?: Duplex;
  /** The bytes that were already read from the socket. */
  readonly head?: Buffer;
}

/** @returns the response; a socket that was opened is destroyed */
export async function tryUpgrade(
  href: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Reply> {
  const { reply, socket } = await upgrade(href, headers, signal);
  socket?.destroy();
  return reply;
}

export function acceptOf(key: string): string {
  return createHash("sha1")
    .update(key + KEY_SUFFIX)
    .digest("base64");
}

export function upgrade(
  href: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Upgraded> {
  const request = href.startsWith("https:") ? secure : plain;
  const key = randomBytes(16).toString("base64");
  const asked = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": key,
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asking = request(href, { headers: asked, signal, agent: false });
    asking.once("error", reject);
    asking.once("upgrade", ({ headers: got }, socket, head) => {
      socket.on("error", () => {}); // it may be reset while it is destroyed
      const reply = { status: 101, headers: headersOf(got), text: "", body: undefined };
      try {
        expectEqual("Sec-WebSocket-Accept", reply.headers.get("Sec-WebSocket-Accept"), acceptOf(key));
        resolve({ reply, socket, head });
      } catch (error) {
        socket.destroy();
        reject(error);
      }
    });
    asking.once("response", async (response) => {
      try {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        const status = response.statusCode ?? 0;
        resolve({ reply: { status, headers: headersOf(response.headers), text, body: parsed(text) } });
      } catch (error) {
        reject(error);
      }
    });
    asking.end();
  });
}

function headersOf(got: NodeJS.Dict<string | string[]>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(got)) headers.set(name, [value].flat().join(", "));
  return headers;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
