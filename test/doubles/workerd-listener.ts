// A backend and a page inside workerd's tests: they go through the Worker, as they would over a network.
import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { type Inbox, inboxOf } from "./inbox.ts";

export interface Listener extends Inbox {
  readonly socket: WebSocket;
  readonly reply: Response;
  readonly closed: Promise<{ code: number; reason: string }>;
}

const V1 = { "Sec-WebSocket-Protocol": "reactor.v1" };

/** @param query such as `?channel=a` @param headers beside `Upgrade`; none: the old dialect */
export async function listen(query: string, headers: Record<string, string> = V1): Promise<Listener> {
  const reply = await exports.default.fetch(`http://hub.test/ws/stream${query}`, {
    headers: { Upgrade: "websocket", ...headers },
  });
  const socket = reply.webSocket;
  if (!socket) throw new Error(`No socket: ${reply.status} ${await reply.text()}`);
  const inbox = inboxOf(socket);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  socket.accept();
  return { socket, reply, closed, ...inbox };
}

/** @param query such as `?channel=a` @param events one event or an array */
export function post(query: string, events: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(`http://hub.test/api/events${query}`, {
    method: "POST",
    headers: { Authorization: "Bearer dev-key", "Content-Type": "application/json", ...headers },
    body: JSON.stringify(events),
  });
}

/** The hub's memory goes, its sockets and its log stay: what ten idle seconds do to it. */
export function evict(channel: string): Promise<void> {
  return evictDurableObject(env.HUB.getByName(channel));
}

/** A hub that sleeps already has nothing to forget. */
function ifAsleep(error: Error): void {
  if (!/not currently running/.test(error.message)) throw error;
}

/** Each stateful test runs twice: left alone, and with the hub put to sleep at every `pause`. */
export const twins = [
  { how: "awake", pause: async (_channel: string) => {} },
  { how: "evicted in the middle", pause: (channel: string) => evict(channel).catch(ifAsleep) },
] as const;
