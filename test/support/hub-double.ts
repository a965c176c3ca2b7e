// A hub for clients under test. It speaks only wire, and does by itself nothing but answer `ping`. What it says arrives
// through `after`, in order and never while the client is speaking, as on a network.
import type { ClientSocket, Close, Ports } from "../../src/client/connection/ports.ts";
import { type Cursor, formatCursor, ORIGIN } from "../../src/wire/cursor.ts";
import type { ReactorEvent } from "../../src/wire/event.ts";
import { type ClosingCode, PROBLEMS, type ProblemCode } from "../../src/wire/problem.ts";
import {
  encodeEmitted,
  encodeError,
  encodeEvents,
  encodeReset,
  encodeSubscribed,
  encodeWelcome,
  type Ref,
  type Reset,
  type Welcome,
} from "../../src/wire/server-frame.ts";

const WELCOME = {
  message: "Connected to PulseAI Reactor",
  client_id: "double",
  timestamp: "2026-11-21T12:00:00.000Z",
  channel: "main",
  recovered: null,
  heartbeat_ms: 25_000,
  retry: { first_ms: 500, base_ms: 500, max_ms: 20_000 },
  ack: null,
};

export class HubDouble {
  /** Every connection that was ever opened, the newest last. */
  readonly connections: HubConnection[] = [];
  /** A frozen hub looks alive to the network, and says nothing more: what it would have said is lost. */
  frozen = false;
  readonly #after: Ports["after"];

  constructor(after: Ports["after"]) {
    this.#after = after;
  }

  readonly open: Ports["open"] = (url, protocols) => {
    const deliver = (run: () => void) => void this.#after(0, () => this.frozen || run());
    const connection = new HubConnection(url, protocols, deliver);
    this.connections.push(connection);
    return connection;
  };

  get latest(): HubConnection {
    const latest = this.connections.at(-1);
    if (!latest) throw new Error("Nobody has connected.");
    return latest;
  }
}

/** One connection: the client's socket, and the hub's end of it. */
class HubConnection implements ClientSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  /** What the client sent. */
  readonly sent: string[] = [];
  readyState = 1;
  /** Whether the client closed it. What the hub says then is still delivered: it may have been on its way. */
  left = false;
  readonly #deliver: (run: () => void) => void;
  readonly #onMessage: ((message: { readonly data: unknown }) => void)[] = [];
  readonly #onClose: ((close: Close) => void)[] = [];

  constructor(url: string, protocols: readonly string[], deliver: (run: () => void) => void) {
    this.url = url;
    this.protocols = protocols;
    this.#deliver = deliver;
  }

  // biome-ignore lint/suspicious/noExplicitAny: one body for the interface's two overloads
  addEventListener(type: "message" | "close", listener: (event: any) => void): void {
    (type === "message" ? this.#onMessage : this.#onClose).push(listener);
  }

  send(text: string): void {
    this.sent.push(text);
    if (text === "ping") this.say("pong");
  }

  close(code: number): void {
    if (!this.left) this.drop(code);
    this.left = true;
  }

  welcome(cursor: Cursor = ORIGIN, changes: Partial<Welcome> = {}): void {
    this.say(encodeWelcome({ ...WELCOME, cursor: formatCursor(cursor), ...changes }));
  }

  events(after: number, cursor: Cursor, events: readonly ReactorEvent[], more = false): void {
    const texts = events.map((event) => JSON.stringify(event));
    this.say(encodeEvents(after, cursor, texts, more));
  }

  reset(cursor: Cursor, reason: Reset["reason"] = "trimmed"): void {
    this.say(encodeReset({ reason, oldest: formatCursor(cursor), cursor: formatCursor(cursor) }));
  }

  subscribed(events: readonly string[], cursor: Cursor): void {
    this.say(encodeSubscribed({ events, message: "", cursor: formatCursor(cursor) }));
  }

  /** Answers an `emit`. */
  emitted(ref: unknown, cursor: Cursor, id: string, duplicate = false): void {
    this.say(encodeEmitted({ ref, cursor: formatCursor(cursor), id, duplicate }));
  }

  /** @param ref of the message that is refused; `null`: of none */
  refuse(code: ProblemCode, ref: unknown = null): void {
    this.say(encodeError({ code, detail: `No: ${code}.` }, ref as Ref));
  }

  /** Says that it is about to close, as a hub does whose close may take 10 s to arrive. */
  ends(code: ClosingCode): void {
    this.say(encodeError({ code, detail: `The end: ${code}.` }, null, PROBLEMS[code].close));
  }

  /** Says anything at all. */
  say(data: unknown): void {
    this.#deliver(() => this.#onMessage.forEach((listener) => void listener({ data })));
  }

  /** Ends the connection with `code`; 1006 is what a browser says when it just broke. */
  drop(code: number, reason = ""): void {
    this.#deliver(() => this.#onClose.forEach((listener) => void listener({ code, reason })));
  }
}
