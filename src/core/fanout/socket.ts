// A socket as core sees it: hub gives it hibernating WebSockets, tests and simulations give it doubles.

export interface Socket {
  /** Bytes that were sent and have not left yet. Not every runtime tells. */
  readonly bufferedAmount?: number;
  /** Queues `text` behind everything sent before. MAY throw once the socket is closing; a sender MUST survive that. */
  send(text: string): void;
  /** Begins the closing handshake. A socket MAY stay open for the peer's answer; nothing is sent on it any more. */
  close(code: number, reason: string): void;
}

/** A socket that is closing throws on `send`. That is its own affair: its close or error event frees what it holds. */
export function sendQuietly(socket: Socket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Nobody is there to be told.
  }
}
