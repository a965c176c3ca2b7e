// A socket as core sees it: a hibernating WebSocket in the hub, a double in tests.

/** One message to a client: a frame as text, or its compressed form. */
export type Message = string | Uint8Array;

export interface Socket {
  /** Bytes that were sent and have not left yet. Not every runtime has it. */
  readonly bufferedAmount?: number;
  /** Queues `message` behind everything sent before. MAY throw once the socket is closing; a sender MUST survive that. */
  send(message: Message): void;
  /** Begins the closing handshake. A socket MAY stay open for the peer's answer; nothing is sent on it any more. */
  close(code: number, reason: string): void;
}

/** Ignores a socket that is closing and throws on `send`: its close or error event frees what it holds. */
export function sendQuietly(socket: Socket, message: Message): void {
  try {
    socket.send(message);
  } catch {
    // It is closing.
  }
}
