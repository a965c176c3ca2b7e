// The hub that is judged, as one check sees it: a channel that nobody used before, and everything freed afterwards.
import { shakeHands, upgrade } from "./handshake.ts";
import { expectEqual, expectTrue, type Json, Mismatch, shown } from "./mismatch.ts";
import type { Reply } from "./reply.ts";
import { TappedSocket } from "./tapped-socket.ts";
import { type Claims, signToken, type TokenSettings } from "./tokens.ts";

export interface Target {
  readonly url: string;
  /** The operator's. */
  readonly key: string;
  /** What tokens are made with; absent: none can be made, and checks that need one MUST NOT be run. */
  readonly tokens?: TokenSettings | undefined;
  /** Whether reading needs a credential: the key is then shown, unless a check shows something else. */
  readonly isClosed?: boolean;
}

export type Query = Readonly<Record<string, string | number>>;

export interface Post {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Query;
}

/** Where a credential is put: a subprotocol is for sockets, and the header for what is none. */
export type Place = "header" | "subprotocol" | "query";

/** What is shown to the hub: to read, and to emit. `null`: nothing. */
interface Shown {
  readonly reading: string | null;
  readonly emitting: string | null;
  readonly place: Place;
}

/** What all who visit the hub in one check have in common. */
interface Visit {
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly sockets: TappedSocket[];
  /** What was asked last: said where the answer does not come. */
  awaited: string;
}

let channels = 0;
const run = Math.random().toString(36).slice(2, 10);

function freshChannel(): string {
  return `conf-${run}-${++channels}`;
}

export class HubUnderTest {
  readonly origin: string;
  readonly channel: string;
  readonly #visit: Visit;
  readonly #shown: Shown;

  private constructor(visit: Visit, channel: string, shown: Shown) {
    this.origin = new URL(visit.target.url).origin;
    this.channel = channel;
    this.#visit = visit;
    this.#shown = shown;
  }

  /** As its operator, who reads without a credential where that is enough. */
  static visit(target: Target, signal: AbortSignal): HubUnderTest {
    const visit = { target, signal, sockets: [], awaited: "nothing" };
    const { key, isClosed = false } = target;
    return new HubUnderTest(visit, freshChannel(), { reading: isClosed ? key : null, emitting: key, place: "header" });
  }

  /** As another client, in the same channel. @param credential `null`: an anonymous one */
  as(credential: string | null, place: Place = "header"): HubUnderTest {
    return new HubUnderTest(this.#visit, this.channel, { reading: credential, emitting: credential, place });
  }

  /** The same client in a channel that nobody used before. */
  elsewhere(): HubUnderTest {
    return new HubUnderTest(this.#visit, freshChannel(), this.#shown);
  }

  get key(): string {
    return this.#visit.target.key;
  }

  get awaited(): string {
    return this.#visit.awaited;
  }

  /** What tokens are made with, where they can be. */
  get tokens(): TokenSettings | undefined {
    return this.#visit.target.tokens;
  }

  freshChannel(): string {
    return freshChannel();
  }

  /** A token for channels of this program, good for an hour unless `claims` say otherwise. */
  token(claims: Claims = {}, alg?: string): Promise<string> {
    if (!this.tokens) throw new Error("a check that needs tokens was run without a secret");
    return signToken(this.tokens, claims, alg);
  }

  href(path: string, query: Query = {}): string {
    const url = new URL(path, this.origin);
    const { reading, place } = this.#shown;
    const token = place === "query" && reading !== null ? { token: reading } : {};
    for (const [name, value] of Object.entries({ channel: this.channel, ...token, ...query })) {
      url.searchParams.set(name, String(value));
    }
    return url.href;
  }

  async ask(method: string, path: string, init: RequestInit = {}, query: Query = {}): Promise<Reply> {
    const { signal } = this.#visit;
    this.#awaits(`the answer to ${method} ${path}`);
    const href = this.href(path, query);
    const headers = new Headers(init.headers);
    const { reading, place } = this.#shown;
    const shows = reading !== null && place !== "query" && method !== "POST" && method !== "OPTIONS";
    if (shows && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${reading}`);
    const response = await fetch(href, { redirect: "manual", ...init, headers, method, signal });
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
    const { emitting, place } = this.#shown;
    const all = {
      ...(emitting === null || place === "query" ? {} : { Authorization: `Bearer ${emitting}` }),
      ...(isRaw ? {} : { "Content-Type": "application/json" }),
    };
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

  /** A socket of `reactor.v1`, or of the legacy dialect with no `protocols`; its welcome is still to be read. */
  async socket(
    query: Query = {},
    protocols: string[] = ["reactor.v1"],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TappedSocket> {
    this.#awaits("a socket to open");
    const all = { ...this.#upgradeHeaders(protocols), ...headers };
    const { reply, socket, head } = await upgrade(this.href("/ws/stream", query), all, this.#visit.signal);
    if (!socket || !head) {
      throw new Mismatch(`expected a socket to open, got ${reply.status} ${reply.text.slice(0, 300)}`);
    }
    const tapped = new TappedSocket(socket, head, (what) => this.#awaits(what));
    this.#visit.sockets.push(tapped);
    expectEqual("the subprotocol", reply.headers.get("Sec-WebSocket-Protocol"), protocols[0] ?? null);
    return tapped;
  }

  /** A socket whose welcome was read. */
  async listen(query: Query = {}, protocols?: string[]): Promise<{ socket: TappedSocket; welcome: Json }> {
    const socket = await this.socket(query, protocols);
    const frame = await socket.frame();
    if (frame.type !== "reactor_connected") throw new Mismatch(`expected a welcome first, got ${shown(frame)}`);
    return { socket, welcome: frame.data };
  }

  /** Asks for a socket, of the legacy dialect unless `headers` say otherwise, and throws away one that is granted. */
  upgrade(query: Query = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    this.#awaits("the answer to an upgrade");
    const all = { ...this.#upgradeHeaders([]), ...headers };
    return shakeHands(this.href("/ws/stream", query), all, this.#visit.signal);
  }

  close(): void {
    for (const socket of this.#visit.sockets) socket.cut();
  }

  #awaits(what: string): void {
    this.#visit.awaited = what;
  }

  #upgradeHeaders(protocols: readonly string[]): Record<string, string> {
    const { reading, place } = this.#shown;
    const offered = [
      ...protocols,
      ...(place === "subprotocol" && reading !== null ? [`reactor.token.${reading}`] : []),
    ];
    return {
      ...(place === "header" && reading !== null ? { Authorization: `Bearer ${reading}` } : {}),
      ...(offered.length > 0 ? { "Sec-WebSocket-Protocol": offered.join(", ") } : {}),
    };
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
