// A WebSocket upgrade by hand: with any headers, and with the refusal where there is one.
import { randomBytes } from "node:crypto";
import { request as plain } from "node:http";
import { request as secure } from "node:https";
import type { Duplex } from "node:stream";
import { type Json, Mismatch } from "./mismatch.ts";
import type { Reply } from "./reply.ts";
import { readUntilClose, type SaidAndClosed } from "./until-close.ts";

/** What the hub answered; a socket that was granted still has to be destroyed. */
interface Granted {
  readonly reply: Reply;
  readonly socket?: Duplex;
  readonly head?: Buffer;
}

/** The answer; a socket that is granted is thrown away at once. */
export async function shakeHands(
  href: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Reply> {
  const { reply, socket } = await upgrade(href, headers, signal);
  socket?.destroy();
  return reply;
}

/** What the hub says on a socket of the old dialect that it closes by itself. */
export async function hearUntilClose(href: string, signal: AbortSignal): Promise<SaidAndClosed> {
  const { reply, socket, head } = await upgrade(href, {}, signal);
  if (!socket || !head) throw new Mismatch(`expected a socket, got ${reply.status} ${reply.text.slice(0, 300)}`);
  const cut = () => socket.destroy();
  signal.addEventListener("abort", cut, { once: true });
  try {
    return await readUntilClose(socket, head);
  } finally {
    signal.removeEventListener("abort", cut);
    socket.destroy();
  }
}

function upgrade(href: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Granted> {
  const request = href.startsWith("https:") ? secure : plain;
  const asked = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
    ...headers,
  };
  return new Promise((resolve, reject) => {
    const asking = request(href, { headers: asked, signal, agent: false });
    asking.once("error", reject);
    asking.once("upgrade", ({ headers: got }, socket, head) => {
      socket.on("error", () => {}); // it may be cut while it is thrown away
      resolve({ reply: { status: 101, headers: headersOf(got), text: "", body: undefined }, socket, head });
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
