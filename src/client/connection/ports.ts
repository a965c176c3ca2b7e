// What a connection needs from its environment: the browser in production, fakes in tests and simulations.
import { browserPage, type Page } from "./browser-page.ts";
import type { Inflater } from "./inflate.ts";

/**
 * How a socket ended, as the hub or the browser reports it.
 *
 * @example
 * ```ts
 * import { connect } from "pulse-reactor/client";
 *
 * const reactor = connect({ url: "https://events.example.org", token: "an.expired.token" });
 * reactor.onState((state, close) => {
 *   if (state === "closed" && close?.code === 4401) console.log("Please sign in again."); // → Please sign in again.
 * });
 * ```
 */
export interface Close {
  /**
   * The WebSocket close code: 4401 unauthorized, 4503 forbidden or a foreign origin, 4429 rate limited, 4408 too slow, 4500 protocol error;
   * 1006 if the connection broke or timed out. The client does not reconnect after 4500 to 4999, nor after 4401 if it has
   * no token function, or if the hub has refused a fresh token for a reason that time does not cure.
   */
  readonly code: number;
  /** A sentence or a word for a developer; may be empty. Until the hub has welcomed it once: the likely causes. */
  readonly reason: string;
}

/**
 * The part of the browser's WebSocket that a connection uses, for the options `open` and `WebSocket`.
 *
 * @example
 * ```ts
 * import { type ClientSocket, connect } from "pulse-reactor/client";
 *
 * const counted = (socket: ClientSocket): ClientSocket => {
 *   let messages = 0;
 *   socket.addEventListener("message", () => console.log(++messages)); // → 1 → 2
 *   return socket;
 * };
 * const open = (url: string, protocols: string[]) => counted(new WebSocket(url, protocols));
 * connect({ url: "https://events.example.org", open }).on("news_*", () => {});
 * ```
 */
export interface ClientSocket {
  /** What the hub has sent: text, or as an `ArrayBuffer`, a view of one or a `Blob` a frame in its compressed form. */
  addEventListener(type: "message", listener: (message: { readonly data: unknown }) => void): void;
  /** The end: no other event follows. */
  addEventListener(type: "close", listener: (close: Close) => void): void;
  /** `open`: it may send. `error`: a `close` follows; it says no more than that. */
  addEventListener(type: "open" | "error", listener: () => void): void;
  /** As in browsers: 2 is closing, 3 is closed. The close event may come seconds later, or never. */
  readonly readyState?: number;
  /** Sends a text message. It is called when the hub has sent something, and not after `close`. */
  send(text: string): void;
  /** Begins to close it; it MAY be called at any time, also twice. */
  close(code: number): void;
  /** Ends it without waiting for the hub, where a runtime has that. */
  terminate?(): void;
}

export interface Ports {
  open(url: string, protocols: string[]): ClientSocket;
  /** Calls `run` once, `ms` from now. @returns a function that cancels it */
  after(ms: number, run: () => void): () => void;
  /** Calls `run` once, at the end of this turn. */
  soon(run: () => void): void;
  /** Absent: frames of events come as text only. */
  readonly inflater?: Inflater | undefined;
  /** From 0 to 1. */
  random(): number;
  /** Signs of the page; absent: none. */
  readonly page?: Page | undefined;
}

export const browserPorts: Ports = {
  open: (url, protocols) => new WebSocket(url, protocols),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  soon: (run) => queueMicrotask(run),
  random: Math.random,
  page: browserPage,
};

/** @throws TypeError if there is no global WebSocket */
export function requireWebSocket(): void {
  if (typeof WebSocket === "undefined") {
    throw new TypeError(
      "There is no global WebSocket here: give the option `WebSocket` a class, such as that of `ws`.",
    );
  }
}
