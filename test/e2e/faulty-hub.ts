// A hub with one fault: a proxy before the real one that changes what is shown to it, or what it says. A check of the
// conformance tool that does not see the fault proves nothing.
import { createServer, type IncomingMessage, STATUS_CODES } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { acceptOf, upgrade } from "../../tools/conformance/handshake.ts";
import {
  CLOSE,
  decodeClose,
  encodeClose,
  encodeMessage,
  type Message,
  MessageReader,
  type Role,
  TEXT,
} from "../../tools/conformance/websocket-messages.ts";

/** Who shows a credential, where, and for what. */
export interface Showing {
  readonly place: "header" | "subprotocol" | "query" | "auth" | "nowhere";
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Of a socket. */
  readonly dialect?: "v1" | "legacy";
}

/** One socket's messages on their way. */
export interface FaultySocket {
  /** @returns what the hub hears of it */
  up?(text: string): string[];
  /** @returns what the client hears of it */
  down?(text: string): string[];
  /** @returns with which code the client is closed, where the hub closes with `code`, and what is said before */
  close?(code: number): { code: number; before?: string[] };
}

type Changed = string | null | undefined;

export interface Fault {
  /** @returns the credential that the hub is shown in its place; `undefined`: that one */
  credential?(shown: string | null, showing: Showing): Changed | Promise<Changed>;
  /** A header of requests that the hub does not look at, in lower case. */
  readonly ignores?: string;
  /** @returns the body that the client is answered */
  reply?(text: string, showing: Showing, shown: string | null): string;
  /** @returns the status with which an upgrade is refused, `undefined`: it goes on to the hub */
  refuses?(shown: string | null, showing: Showing): number | undefined;
  /** @returns the subprotocol of the 101 */
  subprotocol?(chosen: string | null, shown: string | null): string | null;
  /** @param tell says something to the client @param shut closes it */
  socket?(tell: (text: string) => void, shut: (code: number) => void, shown: string | null): FaultySocket;
}

const NOT_FORWARDED = ["host", "connection", "content-length", "transfer-encoding", "authorization"];

export async function startFaultyHub(hubUrl: string, fault: Fault): Promise<{ url: string; stop(): void }> {
  const stopped = new AbortController();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { shown, showing, headers, target } = await forwarded(request, hubUrl, fault);
    const { method } = showing;
    const body = method === "GET" || method === "HEAD" ? null : Buffer.concat(chunks);
    const reply = await fetch(target, { method, headers, body, redirect: "manual" });
    const text = await reply.text();
    response.writeHead(reply.status, { "Content-Type": reply.headers.get("Content-Type") ?? "text/plain" });
    response.end(fault.reply?.(text, showing, shown) ?? text);
  });
  server.on("upgrade", async (request: IncomingMessage, client: Duplex) => {
    client.on("error", () => {});
    try {
      const { shown, showing, headers, target } = await forwarded(request, hubUrl, fault);
      const status = fault.refuses?.(shown, showing);
      if (status !== undefined) return refuse(client, status, "");
      const { reply, socket, head } = await upgrade(target.href, headers, stopped.signal);
      if (!socket || !head) return refuse(client, reply.status, reply.text, reply.headers.get("Content-Type"));
      const chosen = reply.headers.get("Sec-WebSocket-Protocol");
      const subprotocol = fault.subprotocol ? fault.subprotocol(chosen, shown) : chosen;
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
      connect(client, { socket, head }, fault, showing, shown);
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

/** A request as the hub is to see it: whatever is shown goes into the header. */
async function forwarded(request: IncomingMessage, hubUrl: string, fault: Fault) {
  const target = new URL(request.url ?? "/", hubUrl);
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const offeredToken = offered.find((name) => name.startsWith("reactor.token."))?.slice("reactor.token.".length);
  const token = target.searchParams.get("token");
  const places = { header: bearer, subprotocol: offeredToken, query: token ?? undefined };
  const [place, shown] = Object.entries(places).find(([, credential]) => credential !== undefined) ?? ["nowhere", null];
  const isSocket = request.headers.upgrade !== undefined;
  const showing: Showing = {
    place: place as Showing["place"],
    method: request.method ?? "GET",
    path: target.pathname,
    query: new URLSearchParams(target.search),
    ...(isSocket && { dialect: offered.includes("reactor.v1") ? "v1" : "legacy" }),
  };
  const credential = await fault.credential?.(shown ?? null, showing);
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
  if (isAsItWas && request.headers.authorization !== undefined) headers.Authorization = request.headers.authorization;
  if (!isAsItWas && credential !== null) headers.Authorization = `Bearer ${credential}`;
  return { shown: shown ?? null, showing, headers, target };
}

function refuse(client: Duplex, status: number, body: string, type: string | null = "text/plain"): void {
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, `Content-Type: ${type}`, "Connection: close"];
  client.end([...head, `Content-Length: ${Buffer.byteLength(body)}`, "", body].join("\r\n"));
}

function connect(
  client: Duplex,
  { socket: hub, head }: { socket: Duplex; head: Buffer },
  fault: Fault,
  showing: Showing,
  shown: string | null,
): void {
  const say = (to: Duplex, bytes: Buffer) => {
    if (to.writable) to.write(bytes);
  };
  const tell = (text: string) => say(client, encodeMessage(TEXT, Buffer.from(text), "server"));
  const shut = (code: number) => say(client, encodeClose(code, "", "server"));
  const faulty = fault.socket?.(tell, shut, shown) ?? {};
  const up = async ({ opcode, payload }: Message) => {
    if (opcode !== TEXT) return say(hub, encodeMessage(opcode, payload, "client"));
    const text = await withCredential(payload.toString(), fault, showing);
    for (const each of faulty.up?.(text) ?? [text]) say(hub, encodeMessage(TEXT, Buffer.from(each), "client"));
  };
  const down = (message: Message) => {
    const { opcode, payload } = message;
    if (opcode === TEXT) for (const text of faulty.down?.(payload.toString()) ?? [payload.toString()]) tell(text);
    else if (opcode === CLOSE) {
      const { code, reason } = decodeClose(message);
      const closing = faulty.close?.(code) ?? { code };
      for (const text of closing.before ?? []) tell(text);
      say(client, encodeClose(closing.code, reason, "server"));
    } else say(client, encodeMessage(opcode, payload, "server"));
  };
  pass(client, "client", up, () => hub.destroy());
  pass(hub, "server", down, () => client.destroy(), head);
}

/** Every message of `from`, one after the other. */
function pass(
  from: Duplex,
  role: Role,
  hear: (message: Message) => void | Promise<void>,
  onEnd: () => void,
  head?: Buffer,
): void {
  const reader = new MessageReader(role);
  let heard = Promise.resolve();
  const take = (chunk: Buffer) => {
    for (const message of reader.push(chunk)) heard = heard.then(() => hear(message));
  };
  if (head) take(head);
  from.on("data", take).on("close", onEnd);
}

/** The token of an `auth` is a credential too. */
async function withCredential(text: string, fault: Fault, showing: Showing): Promise<string> {
  if (!fault.credential || !text.startsWith('{"type":"auth"')) return text;
  const frame = JSON.parse(text);
  const token = await fault.credential(frame.data.token, { ...showing, place: "auth" });
  return token === undefined ? text : JSON.stringify({ ...frame, data: { token } });
}
