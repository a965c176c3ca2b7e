// A socket as core sees it: hub gives it hibernating WebSockets, tests and simulations give it doubles.

export interface Socket {
  /** Queues `text` behind everything sent before. MAY throw once the socket is closing; a sender MUST survive that. */
  send(text: string): void;
  /** Begins the closing handshake. A socket MAY stay open for the peer's answer; nothing is sent on it any more. */
  close(code: number, reason: string): void;
}
