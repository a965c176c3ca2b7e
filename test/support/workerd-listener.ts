// A publisher and a subscriber for tests in workerd: they go through the Worker, as over a network.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { vi } from "vitest";
import type { Rights } from "../../src/core/access/rights.ts";
import { withAttach } from "../../src/hub/attach-request.ts";
import type { Hub } from "../../src/hub/hub.ts";
import { type Inbox, inboxOf } from "./inbox.ts";

export interface Listener extends Inbox {
  readonly socket: WebSocket;
  readonly reply: Response;
  readonly closed: Promise<{ code: number; reason: string }>;
}

const V1 = { "Sec-WebSocket-Protocol": "reactor.v1" };

/** @param query such as `?channel=a` @param headers in addition to `Upgrade`; `{}`: the legacy dialect */
export async function listen(query: string, headers: Record<string, string> = V1): Promise<Listener> {
  return listenerOn(
    await exports.default.fetch(`http://hub.test/ws/stream${query}`, { headers: { Upgrade: "websocket", ...headers } }),
  );
}

async function listenerOn(reply: Response): Promise<Listener> {
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

/** Evicts the hub from memory, as ten idle seconds do; its sockets and its log stay. */
export function evict(channel: string): Promise<void> {
  return evictDurableObject(env.HUB.getByName(channel));
}

/** The time of the hub's alarm, as Unix time in ms. */
export function alarmOf(channel: string): Promise<number | null> {
  return runInDurableObject(env.HUB.getByName(channel), (_, { storage }) => storage.getAlarm());
}

/** Fires the alarm with the time for which it is set, without waiting for it. */
export async function ring(channel: string): Promise<void> {
  const scheduledTime = await alarmOf(channel);
  if (scheduledTime === null) throw new Error("No alarm is set.");
  await ringAt(channel, scheduledTime);
}

/** Fires the alarm as if it had been set for `scheduledTime`, as Unix time in ms, which the clock has then reached. */
export async function ringAt(channel: string, scheduledTime: number): Promise<void> {
  await runInDurableObject(env.HUB.getByName(channel), async (hub: Hub, { storage }) => {
    await storage.deleteAlarm();
    const [before, wasMoved] = [Date.now(), vi.isFakeTimers()];
    if (before < scheduledTime) vi.useFakeTimers({ toFake: ["Date"], now: scheduledTime });
    hub.alarm({ scheduledTime, isRetry: false, retryCount: 0 });
    if (wasMoved) vi.setSystemTime(before);
    else vi.useRealTimers();
  });
}

/** A hibernating socket with these rights, as the Worker passes them to the hub. */
export async function listenAs(
  channel: string,
  rights: Partial<Rights>,
  headers: Record<string, string> = {},
): Promise<Listener> {
  return listenerOn(await env.HUB.getByName(channel).fetch(upgradeAs(channel, rights, headers)));
}

/** The upgrade of a v1 socket with these rights, as the Worker passes it to the hub. */
export function upgradeAs(channel: string, rights: Partial<Rights>, headers: Record<string, string> = {}): Request {
  const { sub = null, hear: allowed = null, emit = [], expiresMs = null, jti, issuedMs } = rights;
  const upgrade = new Request("http://hub.test/ws/stream", { headers: { Upgrade: "websocket", ...headers } });
  const attach = {
    channel,
    dialect: "v1",
    asked: null,
    cursor: null,
    last: null,
    allowed,
    sub,
    jti,
    issuedMs,
    emit,
    expiresMs,
  } as const;
  return withAttach(upgrade, attach);
}

/** Ignores the error that the hub is already asleep. */
function ifAsleep(error: Error): void {
  if (!/not currently running/.test(error.message)) throw error;
}

/** Each stateful test runs twice: without evictions, and with one at every `pause`. */
export const twins = [
  { how: "awake", pause: async (_channel: string) => {} },
  { how: "evicted in the middle", pause: (channel: string) => evict(channel).catch(ifAsleep) },
] as const;
