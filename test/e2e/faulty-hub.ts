// A hub with one fault: a proxy before the real one that changes its input or its output. A check of the conformance tool
// that does not find the fault proves nothing.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptOf, upgrade } from "../../tools/conformance/handshake.ts";
import {
  BINARY,
  CLOSE,
  decodeClose,
  encodeClose,
  encodeMessage,
  type Message,
  MessageReader,
  type Role,
  TEXT,
} from "../../tools/conformance/websocket-messages.ts";

/** How a credential is presented, and for what. */
export interface Presentation {
  readonly place: "header" | "subprotocol" | "query" | "auth" | "nowhere";
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Of a socket. */
  readonly dialect?: "v1" | "legacy";
}

/** Changes of one socket's messages. */
export interface FaultySocket {
  /** @returns what the hub receives */
  up?(text: string): string[];
  /** @returns what the client receives */
  down?(text: string): string[];
  /** @returns what the client receives of a binary message: text, or other bytes */
  binary?(payload: Buffer): string | Buffer;
  /** @returns the code with which the client is closed if the hub closes with `code`, and messages before it */
  close?(code: number): { code: number; before?: string[] };
}

/** A response of the hub. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

type Changed = string | null | undefined;

export interface Fault {
  /** @returns the credential that the hub receives instead; `undefined`: the same */
  credential?(presented: string | null, presentation: Presentation): Changed | Promise<Changed>;
  /** A header of requests that the hub ignores, in lower case. */
  readonly ignores?: string;
  /** Changes the query that the hub receives, also that of an upgrade. */
  query?(query: URLSearchParams, presentation: Presentation): void;
  /** @returns the body that the hub receives */
  body?(text: string, presentation: Presentation): string;
  /** @returns the body of the response to the client */
  reply?(text: string, presentation: Presentation, presented: string | null): string;
  /** @returns what is different in the response to the client; after `reply` */
  answer?(answer: Answer, presentation: Presentation): Partial<Answer>;
  /** @returns the status with which an upgrade is refused; `undefined`: it is passed to the hub */
  refuses?(presented: string | null, presentation: Presentation): number | undefined;
  /** @returns the subprotocol of the 101 */
  subprotocol?(chosen: string | null, presented: string | null): string | null;
  /** @param send sends text to the client @param close closes it */
  socket?(send: (text: string) => void, close: (code: number) => void, presentation: Presentation): FaultySocket;
}

const NOT_FORWARDED = ["host", "connection", "content-length", "transfer-encoding", "authorization"];

/** Of responses: what `fetch` has decoded, and what this server decides itself. */
const NOT_RETURNED = ["connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"];

export async function startFaultyHub(hubUrl: string, fault: Fault): Promise<{ url: string; stop(): void }> {
  const stopped = new AbortController();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { presented, presentation, headers, target } = await forwarded(request, hubUrl, fault);
    const { method } = presentation;
    const sent = Buffer.concat(chunks);
    const body = method === "GET" || method === "HEAD" ? null : (fault.body?.(sent.toString(), presentation) ?? sent);
    const reply = await fetch(target, { method, headers, body, redirect: "manual" });
    const received = await reply.text();
    const text = fault.reply?.(received, presentation, presented) ?? received;
    const answer: Answer = { status: reply.status, headers: new Headers(reply.headers), text };
    const changed = { ...answer, ...fault.answer?.(answer, presentation) };
    for (const name of NOT_RETURNED) changed.headers.delete(name);
    response.writeHead(changed.status, Object.fromEntries(changed.headers));
    response.end(changed.text);
  });
  server.on("upgrade", async (request: IncomingMessage, client: Duplex) => {
    client.on("error", () => {});
    try {
      const { presented, presentation, headers, target } = await forwarded(request, hubUrl, fault);
      const status = fault.refuses?.(presented, presentation);
      if (status !== undefined) return refuse(client, status, "");
      const { reply, socket, head } = await upgrade(target.href, headers, stopped.signal);
      if (!socket || !head) return refuse(client, reply.status, reply.text, reply.headers.get("Content-Type"));
      const chosen = reply.headers.get("Sec-WebSocket-Protocol");
      const subprotocol = fault.subprotocol ? fault.subprotocol(chosen, presented) : chosen;
      client.write(
        [
          "HTTP/1.1 101 Switching Protocols",
          "Connection: Upgrade",
          "Upgrade: websocket",
          `Sec-WebSocket-Accept: ${acceptOf(request.headers["sec-websocket-key"] ?? "")}`,
          ...(subprotocol === null ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
          "\r\n",
        ].join("\r\n"),
      );
      connect(client, { socket, head }, fault, presentation);
    } catch {
      client.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      stopped.abort();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The request for the hub: its credential is always in the header. */
async function forwarded(request: IncomingMessage, hubUrl: string, fault: Fault) {
  const target = new URL(request.url ?? "/", hubUrl);
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const offeredToken = offered.find((name) => name.startsWith("reactor.token."))?.slice("reactor.token.".length);
  const token = target.searchParams.get("token");
  const places = { header: bearer, subprotocol: offeredToken, query: token ?? undefined };
  const [place, presented] = Object.entries(places).find(([, credential]) => credential !== undefined) ?? [
    "nowhere",
    null,
  ];
  const isSocket = request.headers.upgrade !== undefined;
  const presentation: Presentation = {
    place: place as Presentation["place"],
    method: request.method ?? "GET",
    path: target.pathname,
    query: new URLSearchParams(target.search),
    headers: request.headers,
    ...(isSocket && { dialect: offered.some((name) => /^reactor\.v1(\.deflate)?$/.test(name)) ? "v1" : "legacy" }),
  };
  const credential = await fault.credential?.(presented ?? null, presentation);
  const isAsItWas = credential === undefined;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    const isHandshake = /^(upgrade|sec-websocket-)/.test(name);
    if (typeof value === "string" && !isHandshake && ![...NOT_FORWARDED, fault.ignores].includes(name))
      headers[name] = value;
  }
  const stays = isAsItWas ? offered : offered.filter((name) => !name.startsWith("reactor.token."));
  if (stays.join() !== "") headers["Sec-WebSocket-Protocol"] = stays.join(", ");
  if (!isAsItWas) target.searchParams.delete("token");
  fault.query?.(target.searchParams, presentation);
  if (isAsItWas && request.headers.authorization !== undefined) headers.Authorization = request.headers.authorization;
  if (!isAsItWas && credential !== null) headers.Authorization = `Bearer ${credential}`;
  return { presented: presented ?? null, presentation, headers, target };
}

function refuse(client: Duplex, status: number, body: string, type: string | null = "text/plain"): void {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, `Content-Type: ${type}`, "Connection: close"];
  client.end([...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"));
}

function connect(
  client: Duplex,
  { socket: hub, head }: { socket: Duplex; head: Buffer },
  fault: Fault,
  presentation: Presentation,
): void {
  const write = (to: Duplex, bytes: Buffer) => {
    if (to.writable) to.write(bytes);
  };
  const send = (text: string) => write(client, encodeMessage(TEXT, Buffer.from(text), "server"));
  const close = (code: number) => write(client, encodeClose(code, "", "server"));
  const faulty = fault.socket?.(send, close, presentation) ?? {};
  const up = async ({ opcode, payload }: Message) => {
    if (opcode !== TEXT) return write(hub, encodeMessage(opcode, payload, "client"));
    const text = await withCredential(payload.toString(), fault, presentation);
    for (const each of faulty.up?.(text) ?? [text]) write(hub, encodeMessage(TEXT, Buffer.from(each), "client"));
  };
  const down = (message: Message) => {
    const { opcode, payload } = message;
    if (opcode === TEXT) for (const text of faulty.down?.(payload.toString()) ?? [payload.toString()]) send(text);
    else if (opcode === CLOSE) {
      const { code, reason } = decodeClose(message);
      const closing = faulty.close?.(code) ?? { code };
      for (const text of closing.before ?? []) send(text);
      write(client, encodeClose(closing.code, reason, "server"));
    } else if (opcode === BINARY) {
      const changed = faulty.binary?.(payload) ?? payload;
      const isText = typeof changed === "string";
      write(client, encodeMessage(isText ? TEXT : BINARY, Buffer.from(changed as string), "server"));
    } else write(client, encodeMessage(opcode, payload, "server"));
  };
  pass(client, "client", up, () => hub.destroy());
  pass(hub, "server", down, () => client.destroy(), head);
}

/** Handles every message of `from`, one after the other. */
function pass(
  from: Duplex,
  role: Role,
  onMessage: (message: Message) => void | Promise<void>,
  onEnd: () => void,
  head?: Buffer,
): void {
  const reader = new MessageReader(role);
  let handled = Promise.resolve();
  const take = (chunk: Buffer) => {
    for (const message of reader.push(chunk)) handled = handled.then(() => onMessage(message));
  };
  if (head) take(head);
  from.on("data", take).on("close", onEnd);
}

/** The token of an `auth` is a credential too. */
async function withCredential(text: string, fault: Fault, presentation: Presentation): Promise<string> {
  if (!fault.credential || !text.startsWith('{"type":"auth"')) return text;
  const frame = JSON.parse(text);
  const token = await fault.credential(frame.data.token, { ...presentation, place: "auth" });
  return token === undefined ? text : JSON.stringify({ ...frame, data: { token } });
}
