// What a connection needs from its environment: the browser in production, fakes in tests and simulations.

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
   * no token function or the hub has refused a fresh token, too.
   */
  readonly code: number;
  /** A sentence or a word for a developer; may be empty. Until the hub has welcomed it once: the likely causes. */
  readonly reason: string;
}

/** The part of the browser's WebSocket that a connection uses. */
export interface ClientSocket {
  addEventListener(type: "message", listener: (message: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (close: Close) => void): void;
  /** As in browsers: 2 is closing, 3 is closed. The close event may come seconds later, or never. */
  readonly readyState?: number;
  send(text: string): void;
  close(code: number): void;
}

export interface Ports {
  open(url: string, protocols: string[]): ClientSocket;
  /** Calls `run` once, `ms` from now. @returns a function that cancels it */
  after(ms: number, run: () => void): () => void;
  /** From 0 to 1. */
  random(): number;
}

export const browserPorts: Ports = {
  open: (url, protocols) => new WebSocket(url, protocols),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
