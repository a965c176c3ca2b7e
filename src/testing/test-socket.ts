// A socket between a client under test and a hub in memory, both of its ends. Messages arrive in order, and never while their sender
// is sending, as on a network.
import type { ClientSocket, Close } from "../client/connection/ports.ts";
import type { Socket } from "../core/fanout/socket.ts";

/** The hub's side. */
export interface SocketPeer {
  /** A client asks for a socket: `accept` or `refuse` is called at once or later. */
  asked(socket: TestSocket): void;
  /** The client has sent `text`. `ping` is answered by the socket itself, as by the runtime. */
  heard(socket: TestSocket, text: string): void;
  /** The client has closed it, or it was lost. */
  left(socket: TestSocket): void;
  soon(run: () => void): void;
  nowMs(): number;
}

type Listeners = {
  readonly message: ((message: { readonly data: unknown }) => void)[];
  readonly close: ((close: Close) => void)[];
  readonly open: (() => void)[];
  readonly error: (() => void)[];
};

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** What a browser says of a connection that broke. */
const BROKEN: Close = { code: 1006, reason: "" };

export class TestSocket implements ClientSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readyState = CONNECTING;
  /** When the client has pinged last, as Unix time in ms. */
  pingMs: number | null = null;
  readonly #peer: SocketPeer;
  readonly #listeners: Listeners = { message: [], close: [], open: [], error: [] };
  /** Whether the hub has begun to close it: what it sends then arrives no more. */
  #isClosing = false;

  constructor(url: string, protocols: readonly string[], peer: SocketPeer) {
    this.url = url;
    this.protocols = protocols;
    this.#peer = peer;
    peer.soon(() => peer.asked(this));
  }

  addEventListener(type: "message", listener: (message: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (close: Close) => void): void;
  addEventListener(type: "open" | "error", listener: () => void): void;
  addEventListener(type: keyof Listeners, listener: (event: never) => void): void {
    (this.#listeners[type] as ((event: never) => void)[]).push(listener);
  }

  send(text: string): void {
    if (this.readyState === CONNECTING) throw new Error("A socket cannot send before it is open.");
    if (this.readyState !== OPEN) return;
    this.#peer.soon(() => {
      if (this.readyState !== OPEN || this.#isClosing) return;
      if (text !== "ping") this.#peer.heard(this, text);
      else {
        this.pingMs = this.#peer.nowMs();
        this.hubEnd.send("pong");
      }
    });
  }

  close(code = 1000): void {
    if (this.readyState === CLOSED) return;
    this.#end({ code, reason: "" });
  }

  terminate(): void {
    this.lose();
  }

  /** The hub's end. */
  readonly hubEnd: Socket = {
    send: (text) => {
      if (this.#isClosing) throw new TypeError("Can't call WebSocket send() after close().");
      this.#peer.soon(() => {
        if (this.readyState === OPEN) for (const listener of this.#listeners.message) listener({ data: text });
      });
    },
    close: (code, reason) => {
      this.#isClosing = true;
      this.#peer.soon(() => this.#end({ code, reason }));
    },
  };

  accept(): void {
    if (this.readyState !== CONNECTING) return;
    this.readyState = OPEN;
    for (const listener of this.#listeners.open) listener();
  }

  /** The connection is gone, without a word. */
  lose(): void {
    if (this.readyState === CLOSED) return;
    for (const listener of this.#listeners.error) listener();
    this.#end(BROKEN);
  }

  #end(close: Close): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.#isClosing = true;
    this.#peer.left(this);
    this.#peer.soon(() => {
      for (const listener of this.#listeners.close) listener(close);
    });
  }
}
