// Hibernating WebSockets: accepted with what must outlive memory in their attachment, found again after a wake, closed with care.
import type { Subscriber } from "../core/fanout/subscriber.ts";

/** Writes on the socket what must outlive the object's memory. At most 16,384 bytes, of which patterns may take half. */
export function keepSubscriber(socket: WebSocket, subscriber: Subscriber): void {
  socket.serializeAttachment(subscriber);
}

/** Every socket that is still open, with what `keepReader` wrote on it. A closing one stays listed until its peer answers. */
export function* openSockets(ctx: DurableObjectState): Iterable<[WebSocket, Subscriber]> {
  for (const socket of ctx.getWebSockets()) {
    if (socket.readyState !== WebSocket.OPEN) continue;
    const subscriber = socket.deserializeAttachment() as Subscriber | null;
    if (subscriber) yield [socket, subscriber];
  }
}

/**
 * Answers a peer's close, without which its browser waits until it times out. The runtime hands over codes that nobody
 * may send (1005: none given, 1006: the line broke, and illegal ones), and `close` throws on them.
 */
export function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    try {
      socket.close();
    } catch {
      // Already closed on both sides.
    }
  }
}
