// Hibernating WebSockets: their state is in their attachment, from which it is restored after a wake.
import type { StoredCounts } from "../core/counts/counts.ts";
import type { Subscriber } from "../core/fanout/subscriber.ts";

/** After the end of a socket: see `SubscribersPorts.forget`. */
export function forgetSubscriber(socket: WebSocket): void {
  socket.serializeAttachment(null);
}

/** What is in an attachment. `counts` are those of the whole hub: one socket carries them (`carried-counts`). */
type Kept = Subscriber & { readonly counts?: StoredCounts };

/**
 * Persists the state in the socket's attachment: at most 16,384 bytes, of which patterns may take half. The runtime writes two
 * bytes for each unit of a string that has one beyond Latin-1, also for its ASCII: such patterns are kept as UTF-8, in which they
 * were measured.
 */
export function keepSubscriber(socket: WebSocket, subscriber: Subscriber, counts?: StoredCounts): void {
  const kept: Kept = counts === undefined ? subscriber : { ...subscriber, counts };
  const { asked, allowed, emit } = subscriber;
  const isWide = [asked, allowed, emit].some((patterns) => patterns?.some((pattern) => BEYOND_LATIN_1.test(pattern)));
  socket.serializeAttachment(isWide ? new TextEncoder().encode(JSON.stringify(kept)) : kept);
}

const BEYOND_LATIN_1 = /[^\0-\xff]/;

/** What `keepSubscriber` kept. */
function keptOn(socket: WebSocket): Kept | null {
  const kept = socket.deserializeAttachment() as Kept | Uint8Array | null;
  return kept instanceof Uint8Array ? (JSON.parse(new TextDecoder().decode(kept)) as Kept) : kept;
}

/** What was kept of a socket, open or not. */
export function keptSubscriber(socket: WebSocket): Subscriber | null {
  const { counts: _, ...subscriber } = keptOn(socket) ?? {};
  return "clientId" in subscriber ? subscriber : null;
}

/**
 * Every open socket with its state. A closing one stays listed until its peer answers.
 *
 * @param carried is called with the counts that a socket carries, be it open or not
 */
export function* openSockets(
  ctx: DurableObjectState,
  carried: (counts: StoredCounts) => void,
): Iterable<[WebSocket, Subscriber]> {
  for (const socket of ctx.getWebSockets()) {
    const kept = keptOn(socket);
    if (kept === null) continue;
    const { counts, ...subscriber } = kept;
    if (counts) carried(counts);
    if (socket.readyState === WebSocket.OPEN) yield [socket, subscriber];
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
