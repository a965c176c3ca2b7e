// A socket as core sees it: a hibernating WebSocket in the hub, a double in tests.

export interface Socket {
  /** Bytes that were sent and have not left yet. Not every runtime has it. */
  readonly bufferedAmount?: number;
  /** Queues `text` behind everything sent before. MAY throw once the socket is closing; a sender MUST survive that. */
  send(text: string): void;
  /** Begins the closing handshake. A socket MAY stay open for the peer's answer; nothing is sent on it any more. */
  close(code: number, reason: string): void;
}

/** Ignores a socket that is closing and throws on `send`: its close or error event frees what it holds. */
export function sendQuietly(socket: Socket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // It is closing.
  }
}
