// Hibernating WebSockets: their state is in their attachment, from which it is restored after a wake.
import type { Subscriber } from "../core/fanout/subscriber.ts";

/** Persists the state in the socket's attachment: at most 16,384 bytes, of which patterns may take half. */
export function keepSubscriber(socket: WebSocket, subscriber: Subscriber): void {
  socket.serializeAttachment(subscriber);
}

/** Every open socket with its state. A closing one stays listed until its peer answers. */
export function* openSockets(ctx: DurableObjectState): Iterable<[WebSocket, Subscriber]> {
  for (const socket of ctx.getWebSockets()) {
    if (socket.readyState !== WebSocket.OPEN) continue;
    const subscriber = socket.deserializeAttachment() as Subscriber | null;
    if (subscriber) yield [socket, subscriber];
  }
}

/**
 * Answers a peer's close; without an answer its browser waits for a timeout. The runtime reports codes that may not be
 * sent (1005: none given, 1006: connection lost, and illegal ones), and `close` throws on them.
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
