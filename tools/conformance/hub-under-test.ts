// The hub that is judged, as one check sees it: a channel that nobody used before, and everything freed afterwards.
import { hearUntilClose, shakeHands } from "./handshake.ts";
import { expectEqual, expectTrue, type Json, Mismatch, shown } from "./mismatch.ts";
import type { Reply } from "./reply.ts";
import { TappedSocket } from "./tapped-socket.ts";
import type { SaidAndClosed } from "./until-close.ts";

export interface Target {
  readonly url: string;
  readonly key: string;
}

export type Query = Readonly<Record<string, string | number>>;

export interface Post {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Query;
}

let channels = 0;
const run = Math.random().toString(36).slice(2, 10);

export class HubUnderTest {
  readonly origin: string;
  readonly key: string;
  readonly channel: string;
  /** What was asked last: said where the answer does not come. */
  awaited = "nothing";
  readonly #sockets: TappedSocket[] = [];
  readonly #signal: AbortSignal;

  constructor({ url, key }: Target, signal: AbortSignal) {
    [this.origin, this.key, this.#signal] = [new URL(url).origin, key, signal];
    this.channel = this.freshChannel();
  }

  freshChannel(): string {
    return `conf-${run}-${++channels}`;
  }

  href(path: string, query: Query = {}): string {
    const url = new URL(path, this.origin);
    for (const [name, value] of Object.entries({ channel: this.channel, ...query })) {
      url.searchParams.set(name, String(value));
    }
    return url.href;
  }

  async ask(method: string, path: string, init: RequestInit = {}, query: Query = {}): Promise<Reply> {
    this.awaited = `the answer to ${method} ${path}`;
    const href = this.href(path, query);
    const response = await fetch(href, { redirect: "manual", ...init, method, signal: this.#signal });
    const text = await response.text();
    let body: Json;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    return { status: response.status, headers: response.headers, text, body };
  }

  /** POSTs to /api/events as it is: strings and bytes untouched, anything else as JSON. */
  post(content: unknown, { headers = {}, query = {} }: Post = {}): Promise<Reply> {
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    const body = isRaw
      ? new Uint8Array(Buffer.from(content as string))
      : new TextEncoder().encode(JSON.stringify(content));
    const all = { Authorization: `Bearer ${this.key}`, ...(isRaw ? {} : { "Content-Type": "application/json" }) };
    return this.ask("POST", "/api/events", { body, headers: { ...all, ...headers } }, query);
  }

  /** Emits what the hub MUST take. @returns its receipt: `{cursor, events}` */
  async emit(content: unknown, post: Post = {}): Promise<Json> {
    const { status, body, text } = await this.post(content, post);
    if (status !== 200) throw new Mismatch(`expected an emit to be answered 200, got ${status} ${text.slice(0, 300)}`);
    expectTrue("a receipt with cursor and events", Array.isArray(body?.events), body ?? text);
    return body;
  }

  /** A page of the log, which the hub MUST give: `{after, cursor, head, events}`. */
  async log(query: Query = {}): Promise<Json> {
    const { status, body, text } = await this.ask("GET", "/api/events", {}, query);
    if (status !== 200) throw new Mismatch(`expected the log to be answered 200, got ${status} ${text.slice(0, 300)}`);
    expectTrue("a page with events", Array.isArray(body?.events), body ?? text);
    return body;
  }

  async stats(query: Query = {}): Promise<Json> {
    return (await this.ask("GET", "/ws/stats", {}, query)).body ?? {};
  }

  /** A socket of `reactor.v1`, or of the old dialect with no `protocols`; its welcome is still to be read. */
  async socket(query: Query = {}, protocols: string[] = ["reactor.v1"]): Promise<TappedSocket> {
    this.awaited = "a socket to open";
    const href = this.href("/ws/stream", query).replace(/^http/, "ws");
    const socket = new TappedSocket(new WebSocket(href, protocols), (what) => {
      this.awaited = what;
    });
    this.#sockets.push(socket);
    await socket.opened;
    return socket;
  }

  /** A socket whose welcome was read. */
  async listen(query: Query = {}, protocols?: string[]): Promise<{ socket: TappedSocket; welcome: Json }> {
    const socket = await this.socket(query, protocols);
    const frame = await socket.frame();
    if (frame.type !== "reactor_connected") throw new Mismatch(`expected a welcome first, got ${shown(frame)}`);
    return { socket, welcome: frame.data };
  }

  /** Asks for a socket by hand: the WebSocket of JavaScript does not tell why it was refused. */
  upgrade(query: Query = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    this.awaited = "the answer to an upgrade";
    return shakeHands(this.href("/ws/stream", query), headers, this.#signal);
  }

  /** All that the hub says on a socket of the old dialect that it closes by itself, and the code of that. */
  hearUntilClose(query: Query): Promise<SaidAndClosed> {
    this.awaited = "the close of a socket";
    return hearUntilClose(this.href("/ws/stream", query), this.#signal);
  }

  close(): void {
    for (const { socket } of this.#sockets) socket.close();
  }
}

/** `pointer` only where it is given. */
export function expectRefusal({ status, headers, body, text }: Reply, expected: Json): void {
  const { pointer = body?.pointer, ...rest } = expected;
  const got = { status, ...Object.fromEntries(Object.keys(rest).map((name) => [name, body?.[name]])) };
  expectEqual("a refusal", { ...got, status, pointer: body?.pointer }, { ...rest, pointer });
  expectEqual("the Content-Type of a refusal", headers.get("Content-Type"), "application/problem+json");
  expectTrue("a refusal with a detail", typeof body?.detail === "string" && body.status === status, text);
}
