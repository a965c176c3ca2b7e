// One channel: the Durable Object that gives the broker its log, its clock and its sockets. Entry points only.
import { DurableObject } from "cloudflare:workers";
import { authenticate } from "../auth/authenticate.ts";
import type { Interest } from "../core/access/match.ts";
import { Broker } from "../core/broker.ts";
import type { ClockTime } from "../core/clock.ts";
import { closeFor } from "../core/fanout/closing.ts";
import type { Subscriber } from "../core/fanout/subscriber.ts";
import type { HistoryPage, HistoryStart } from "../core/log/history.ts";
import { SegmentLog } from "../core/log/segment-log.ts";
import { errorText } from "../core/printable.ts";
import type { Limits } from "../core/session/rate-limit.ts";
import { ok, type Result } from "../wire/problem.ts";
import { SUBPROTOCOL } from "../wire/server-frame.ts";
import { attachOf } from "./attach-request.ts";
import { type DraftColumns, draftsIn } from "./draft-columns.ts";
import { type HubStatus, statusOf } from "./hub-status.ts";
import { addListeners } from "./listeners.ts";
import { PendingWelcomes } from "./pending-welcomes.ts";
import { settingsOf } from "./settings.ts";
import { closeQuietly, keepSubscriber, openSockets } from "./sockets.ts";
import { SqliteStore } from "./storage/sqlite-store.ts";

export class Hub extends DurableObject<Cloudflare.Env> {
  readonly #log: SegmentLog;
  readonly #broker: Broker<WebSocket>;
  readonly #pendingWelcomes: PendingWelcomes;
  readonly #limits: Limits;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // The runtime answers pings of a sleeping hub, without waking it and free of charge.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    const settings = settingsOf(env);
    this.#limits = settings.limits;
    const store = new SqliteStore(ctx.storage, (sentence) => console.warn(sentence));
    this.#log = new SegmentLog(store, { generation: settings.generation, freshEpoch });
    this.#broker = new Broker(this.#log, settings, {
      now,
      freshEpoch,
      keep: keepSubscriber,
      pingMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null,
      later: (ms, act) => ctx.waitUntil(later(ms, act)),
      after,
      report,
      keepAwake: (promise) => ctx.waitUntil(promise),
      authenticate: (token, channel) => authenticate(token, settings.auth, channel, Date.now()),
      limits: settings.limits,
      getAlarm: () => ctx.storage.getAlarm(),
      setAlarm: (atMs) => ctx.storage.setAlarm(atMs),
      durable: () => durable(ctx.storage),
      restart: (reason) => ctx.abort(reason),
    });
    this.#pendingWelcomes = new PendingWelcomes({
      attach: (socket, attaching) => this.#broker.attach(socket, attaching),
      failed: (socket, error) => this.#fail(socket, error),
      later: (act) => ctx.waitUntil(later(0, act)),
    });
    addListeners(this.#broker.bus);
    for (const [socket, subscriber] of openSockets(ctx)) this.#restore(socket, subscriber);
    this.#broker.woke();
  }

  /** A WebSocket upgrade that the Worker has let in. */
  override fetch(upgrade: Request): Response {
    this.#log.requested();
    const attach = attachOf(upgrade);
    const address = Number.isFinite(this.#limits.socketsPerAddress) ? upgrade.headers.get("CF-Connecting-IP") : null;
    const { 0: theirs, 1: ours } = new WebSocketPair();
    const count = this.#broker.subscribers.count + this.#pendingWelcomes.size;
    if (address !== null || count >= this.#limits.socketsPerChannel) this.#pendingWelcomes.flush(); // limits count exactly
    const admitted = this.#broker.admit({ address });
    if (admitted.ok) {
      this.ctx.acceptWebSocket(ours);
      this.#pendingWelcomes.add(ours, { ...attach, address, clientId: crypto.randomUUID() });
    } else {
      ours.accept();
      closeFor(ours, attach.dialect, "rate_limited", admitted.problem.detail); // a browser could not see an HTTP status
    }
    const headers = attach.dialect === "v1" ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : undefined;
    return new Response(null, { status: 101, webSocket: theirs, ...(headers && { headers }) });
  }

  /** @param columns of 1 to 1,000 drafts @returns as `Broker.emit`, the receipt as JSON text: RPC copies a thousand objects slowly */
  async emit(columns: DraftColumns): Promise<Result<string>> {
    const receipt = await this.#turn("request", () => this.#broker.emit(draftsIn(columns)));
    return receipt.ok ? ok(JSON.stringify(receipt.value)) : receipt;
  }

  /** One page of the log (`core/log/history`). */
  history(start: HistoryStart, interest: Interest, limit: number): HistoryPage {
    return this.#turn("request", () => this.#broker.history(start, interest, limit));
  }

  status(): HubStatus {
    return this.#turn("request", () => statusOf(this.#log, this.#broker.subscribers, this.#broker.bus.getHealth()));
  }

  override alarm(info?: AlarmInvocationInfo): void {
    this.#turn("request", () => this.#broker.maintenance.ring(info?.scheduledTime ?? Date.now()));
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#turn("message", () => this.#broker.hear(socket, message));
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#turn("free", () => this.#broker.subscribers.leave(socket));
    closeQuietly(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#turn("free", () => this.#drop(socket));
  }

  /** Begins a turn, each but an upgrade's: pending sockets are welcomed, and the turn is counted as it is billed. */
  #turn<T>(billed: "request" | "message" | "free", act: () => T): T {
    this.#pendingWelcomes.flush();
    if (billed === "request") this.#log.requested();
    if (billed === "message") this.#log.heard();
    return act();
  }

  #restore(socket: WebSocket, subscriber: Subscriber): void {
    try {
      this.#broker.subscribers.restore(socket, subscriber, this.#log.flushedSeq);
    } catch (error) {
      this.#fail(socket, error);
    }
  }

  /** A socket that cannot be served must not affect the others, nor the start of the hub. */
  #fail(socket: WebSocket, error: unknown): void {
    report("A socket's welcome", error);
    this.#drop(socket);
  }

  /** Closes with 1011, after which clients reconnect. */
  #drop(socket: WebSocket): void {
    this.#broker.subscribers.leave(socket);
    closeQuietly(socket, 1011, "");
  }
}

/**
 * When the writes of this turn are on disk, and the event loop has come round once: requests that arrived during the sync, which
 * blocks the thread, have had their turns by then. Without the timer a commit holds 4 of 16 events that come at once, with it 8.
 */
async function durable(storage: DurableObjectStorage): Promise<void> {
  await storage.sync();
  await later(0, () => {});
}

/** Memory outlives the promise while it is awaited. */
function later(ms: number, act: () => void): Promise<void> {
  return new Promise((resolve) =>
    setTimeout(() => {
      try {
        act();
      } finally {
        resolve();
      }
    }, ms),
  );
}

/** Does not keep the object in memory: the caller's own promise does. */
function after(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

function report(what: string, error: unknown): void {
  console.error(`${what} failed.`, errorText(error));
}

function now(): ClockTime {
  const date = new Date();
  return { ms: date.getTime(), iso: date.toISOString() };
}

/** Eight of a–z0–9: two epochs of one channel are equal once in 10¹² restores. */
function freshEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}
