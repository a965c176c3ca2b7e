// The hub under test, as one check sees it: an unused channel, and everything freed afterwards.
import { tryUpgrade, upgrade } from "./handshake.ts";
import { expectEqual, expectTrue, type Json, Mismatch, shown } from "./mismatch.ts";
import type { Reply } from "./reply.ts";
import { TappedSocket } from "./tapped-socket.ts";
import { type Claims, signToken, type TokenSettings } from "./tokens.ts";

export interface Target {
  readonly url: string;
  /** The operator's API key. */
  readonly key: string;
  /** How tokens are signed; absent: none can be, and checks that need one MUST NOT be run. */
  readonly tokens?: TokenSettings | undefined;
  /** Whether reading needs a credential: then the key is presented, unless a check presents another. */
  readonly isClosed?: boolean;
}

export type Query = Readonly<Record<string, string | number>>;

export interface Post {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Query;
}

/** Where a credential is sent. Requests other than upgrades use the header instead of a subprotocol. */
export type Place = "header" | "subprotocol" | "query";

/** The credentials to read and to emit. `null`: none. */
interface Credentials {
  readonly reading: string | null;
  readonly emitting: string | null;
  readonly place: Place;
}

/** What the clients of one check share. */
interface Session {
  readonly target: Target;
  readonly signal: AbortSignal;
  readonly sockets: TappedSocket[];
  /** What the check waits for: reported if it times out. */
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
  readonly #session: Session;
  readonly #credentials: Credentials;

  private constructor(session: Session, channel: string, credentials: Credentials) {
    this.origin = new URL(session.target.url).origin;
    this.channel = channel;
    this.#session = session;
    this.#credentials = credentials;
  }

  /** Origins that no hub allows; `null` is allowed at one that `npm start` runs on this machine. */
  get foreignOrigins(): readonly string[] {
    const isLocal = /\/\/(localhost|127\.0\.0\.1|\[::1\])(:|$)/.test(this.origin);
    return ["https://conformance.invalid", ...(isLocal ? [] : ["null"])];
  }

  /** As its operator, who reads without a credential if none is required. */
  static connect(target: Target, signal: AbortSignal): HubUnderTest {
    const session = { target, signal, sockets: [], awaited: "nothing" };
    const { key, isClosed = false } = target;
    return new HubUnderTest(session, freshChannel(), {
      reading: isClosed ? key : null,
      emitting: key,
      place: "header",
    });
  }

  /** As another client, in the same channel. @param credential `null`: an anonymous one */
  as(credential: string | null, place: Place = "header"): HubUnderTest {
    return new HubUnderTest(this.#session, this.channel, { reading: credential, emitting: credential, place });
  }

  /** The same client in another unused channel. */
  elsewhere(): HubUnderTest {
    return new HubUnderTest(this.#session, freshChannel(), this.#credentials);
  }

  get key(): string {
    return this.#session.target.key;
  }

  get awaited(): string {
    return this.#session.awaited;
  }

  /** How tokens are signed, if they can be. */
  get tokens(): TokenSettings | undefined {
    return this.#session.target.tokens;
  }

  freshChannel(): string {
    return freshChannel();
  }

  /** A token for channels of this program, valid for an hour unless `claims` say otherwise. */
  token(claims: Claims = {}, alg?: string): Promise<string> {
    if (!this.tokens) throw new Error("a check that needs tokens was run without a secret");
    return signToken(this.tokens, claims, alg);
  }

  href(path: string, query: Query = {}): string {
    const url = new URL(path, this.origin);
    const { reading, place } = this.#credentials;
    const token = place === "query" && reading !== null ? { token: reading } : {};
    for (const [name, value] of Object.entries({ channel: this.channel, ...token, ...query })) {
      url.searchParams.set(name, String(value));
    }
    return url.href;
  }

  async ask(method: string, path: string, init: RequestInit = {}, query: Query = {}): Promise<Reply> {
    const { signal } = this.#session;
    this.#awaits(`the answer to ${method} ${path}`);
    const href = this.href(path, query);
    const headers = new Headers(init.headers);
    const { reading, place } = this.#credentials;
    const presents = reading !== null && place !== "query" && method !== "POST" && method !== "OPTIONS";
    if (presents && !headers.has("Authorization")) headers.set("Authorization", `Bearer ${reading}`);
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
    const { emitting, place } = this.#credentials;
    const all = {
      ...(emitting === null || place === "query" ? {} : { Authorization: `Bearer ${emitting}` }),
      ...(isRaw ? {} : { "Content-Type": "application/json" }),
    };
    return this.ask("POST", "/api/events", { body, headers: { ...all, ...headers } }, query);
  }

  /** Emits events that the hub MUST accept. @returns its receipt: `{cursor, events}` */
  async emit(content: unknown, post: Post = {}): Promise<Json> {
    const { status, body, text } = await this.post(content, post);
    if (status !== 200) throw new Mismatch(`expected an emit to be answered 200, got ${status} ${text.slice(0, 300)}`);
    expectTrue("a receipt with cursor and events", Array.isArray(body?.events), body ?? text);
    return body;
  }

  /** Reads a page of the log, which the hub MUST allow: `{after, cursor, head, events}`. */
  async log(query: Query = {}): Promise<Json> {
    const { status, body, text } = await this.ask("GET", "/api/events", {}, query);
    if (status !== 200) throw new Mismatch(`expected the log to be answered 200, got ${status} ${text.slice(0, 300)}`);
    expectTrue("a page with events", Array.isArray(body?.events), body ?? text);
    return body;
  }

  async stats(query: Query = {}): Promise<Json> {
    return (await this.ask("GET", "/ws/stats", {}, query)).body ?? {};
  }

  /** A socket of `reactor.v1`, or of the legacy dialect with no `protocols`; its welcome is not yet read. */
  async socket(
    query: Query = {},
    protocols: string[] = ["reactor.v1"],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TappedSocket> {
    this.#awaits("a socket to open");
    const all = { ...this.#upgradeHeaders(protocols), ...headers };
    const { reply, socket, head } = await upgrade(this.href("/ws/stream", query), all, this.#session.signal);
    if (!socket || !head) {
      throw new Mismatch(`expected a socket to open, got ${reply.status} ${reply.text.slice(0, 300)}`);
    }
    const tapped = new TappedSocket(socket, head, (what) => this.#awaits(what));
    this.#session.sockets.push(tapped);
    expectEqual("the subprotocol", reply.headers.get("Sec-WebSocket-Protocol"), protocols[0] ?? null);
    return tapped;
  }

  /** A socket, and its welcome. */
  async listen(query: Query = {}, protocols?: string[]): Promise<{ socket: TappedSocket; welcome: Json }> {
    const socket = await this.socket(query, protocols);
    const frame = await socket.frame();
    if (frame.type !== "reactor_connected") throw new Mismatch(`expected a welcome first, got ${shown(frame)}`);
    return { socket, welcome: frame.data };
  }

  /** Requests a socket, of the legacy dialect unless `headers` say otherwise, and destroys one that is opened. */
  upgrade(query: Query = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    this.#awaits("the answer to an upgrade");
    const all = { ...this.#upgradeHeaders([]), ...headers };
    return tryUpgrade(this.href("/ws/stream", query), all, this.#session.signal);
  }

  close(): void {
    for (const socket of this.#session.sockets) socket.cut();
  }

  #awaits(what: string): void {
    this.#session.awaited = what;
  }

  #upgradeHeaders(protocols: readonly string[]): Record<string, string> {
    const { reading, place } = this.#credentials;
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

/** Compares `pointer` only if it is given. */
export function expectRefusal({ status, headers, body, text }: Reply, expected: Json): void {
  const { pointer = body?.pointer, ...rest } = expected;
  const got = { status, ...Object.fromEntries(Object.keys(rest).map((name) => [name, body?.[name]])) };
  expectEqual("a refusal", { ...got, status, pointer: body?.pointer }, { ...rest, pointer });
  expectEqual("the Content-Type of a refusal", headers.get("Content-Type"), "application/problem+json");
  expectTrue("a refusal with a detail", typeof body?.detail === "string" && body.status === status, text);
}
