// What a connection needs from its environment: the browser in production, fakes in tests and simulations.

/** How a socket ended. */
export interface Close {
  readonly code: number;
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
