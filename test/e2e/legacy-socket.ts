// The WebSocket of a legacy page: no subprotocol, one message at a time.
import { type Inbox, inboxOf } from "../support/inbox.ts";

export interface LegacySocket extends Inbox {
  readonly socket: WebSocket;
  send(text: string): void;
}

export function openLegacySocket(wsUrl: string): LegacySocket {
  const socket = new WebSocket(`${wsUrl}/ws/stream`);
  return { socket, send: (message) => socket.send(message), ...inboxOf(socket) };
}
