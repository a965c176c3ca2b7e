// One channel: the Durable Object that gives the broker its log, its clock and its sockets. Entry points only.

import { DurableObject } from "cloudflare:workers";
import { deflateRawSync } from "node:zlib";
import { authenticate } from "../auth/authenticate.ts";
import type { Interest } from "../core/access/match.ts";
import { REVOKED, type Revocation, type TokenIdentity } from "../core/access/revocations.ts";
import { Broker, type Removed, type Revoked } from "../core/broker.ts";
import type { EventBus } from "../core/bus/event-bus.ts";
import type { ReactorEvents } from "../core/bus/event-names.ts";
import type { ClockTime } from "../core/clock.ts";
import type { Refusals } from "../core/counts/counts.ts";
import { closeFor } from "../core/fanout/closing.ts";
import type { Subscriber } from "../core/fanout/subscriber.ts";
import type { HistoryLimits, HistoryPage, HistoryStart } from "../core/log/history.ts";
import { SegmentLog } from "../core/log/segment-log.ts";
import { errorText, quoted } from "../core/printable.ts";
import type { Limits } from "../core/session/rate-limit.ts";
import { type Cursor, formatCursor } from "../wire/cursor.ts";
import { err, ok, type Result } from "../wire/problem.ts";
import { subprotocolOf } from "../wire/server-frame.ts";
import { attachOf, refusalsOf } from "./attach-request.ts";
import { CarriedCounts } from "./carried-counts.ts";
import { type DraftColumns, draftsIn } from "./draft-columns.ts";
import { connectionsOf, type HubConnections } from "./hub-connections.ts";
import { type HubStatus, statusOf } from "./hub-status.ts";
import { addListeners } from "./listeners.ts";
import { PendingWelcomes } from "./pending-welcomes.ts";
import { settingsOf } from "./settings.ts";
import { closeQuietly, forgetSubscriber, keptSubscriber, openSockets } from "./sockets.ts";
import { scrubFile } from "./storage/scrub.ts";
import { SqliteStore } from "./storage/sqlite-store.ts";

/** Of a key, and of other Workers. */
const NO_TOKEN: TokenIdentity = { sub: null };

/** Close codes: an unexpected failure of the hub, and a connection that broke without one (RFC 6455, 7.4.1). */
const FAILED = 1011;
const BROKEN = 1006;

/** An operator who removes many events sends their requests one after the other. */
const SCRUB_AFTER_MS = 1_000;

export class Hub extends DurableObject<Cloudflare.Env> {
  /** `hubWith` has others. Static, since other Workers may call what is on the prototype. */
  static readonly addListeners: (bus: EventBus<ReactorEvents>) => void = addListeners;
  readonly #log: SegmentLog;
  readonly #broker: Broker<WebSocket>;
  readonly #pendingWelcomes: PendingWelcomes;
  readonly #limits: Limits;
  #isScrubDue = false;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // The runtime answers pings of a sleeping hub, without waking it and free of charge.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    const settings = settingsOf(env);
    this.#limits = settings.limits;
    const store = new SqliteStore(ctx.storage, (sentence) => console.warn(sentence));
    this.#log = new SegmentLog(store, { generation: settings.generation, freshEpoch });
    const { counts } = this.#log.usage;
    const carried = new CarriedCounts(counts, () => this.#broker.subscribers);
    this.#broker = new Broker(this.#log, settings, {
      now,
      freshEpoch,
      keep: (socket, subscriber) => carried.keep(socket, subscriber),
      forget: forgetSubscriber,
      pingMs: (socket) => ctx.getWebSocketAutoResponseTimestamp(socket)?.getTime() ?? null,
      later: (ms, act) => ctx.waitUntil(later(ms, act)),
      // A zero timer lets all requests go first that have come meanwhile, however many turns the flush still needs.
      soon: (act) => ctx.waitUntil(ctx.storage.sync().then(act)),
      after,
      // Level 6 takes four times as long for a tenth less; CompressionStream three times as long, and answers in another turn.
      deflate: (text) => deflateRawSync(text, { level: 1 }),
      report,
      keepAwake: (promise) => ctx.waitUntil(promise),
      authenticate: (token, channel) => authenticate(token, settings.auth, channel, Date.now()),
      limits: settings.limits,
      values: store,
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
    new.target.addListeners(this.#broker.bus);
    const kept = openSockets(ctx, (those) => counts.restore(those));
    for (const [socket, subscriber] of kept) this.#restore(socket, subscriber);
    carried.begin();
    this.#broker.closeRevoked(); // the turn in which they were revoked may not have come to it
    this.#broker.woke();
  }

  /** A WebSocket upgrade that the Worker has let in. */
  override fetch(upgrade: Request): Response {
    this.#log.requested();
    this.#handedOn(refusalsOf(upgrade));
    const attach = attachOf(upgrade);
    const address = Number.isFinite(this.#limits.socketsPerAddress) ? upgrade.headers.get("CF-Connecting-IP") : null;
    const { 0: theirs, 1: ours } = new WebSocketPair();
    const count = this.#broker.subscribers.count + this.#pendingWelcomes.size;
    if (address !== null || count >= this.#limits.socketsPerChannel) this.#pendingWelcomes.flush(); // limits count exactly
    const admitted = this.#broker.admit({ ...attach, address });
    if (admitted.ok) {
      this.ctx.acceptWebSocket(ours);
      this.#pendingWelcomes.add(ours, { ...attach, address, clientId: crypto.randomUUID() });
    } else {
      ours.accept();
      const code = admitted.problem.code === "unauthorized" ? "unauthorized" : "rate_limited";
      closeFor(ours, attach.dialect, code, admitted.problem.detail); // a browser could not see an HTTP status
    }
    const headers = attach.dialect === "v1" ? { "Sec-WebSocket-Protocol": subprotocolOf(attach.encoding) } : undefined;
    return new Response(null, { status: 101, webSocket: theirs, ...(headers && { headers }) });
  }

  /**
   * @param columns of 1 to 1,000 drafts @param token of the publisher @param refusals of the Worker itself, as all calls have them
   * @returns as `Broker.emit`, or `unauthorized` if the token was revoked. The receipt is JSON text: RPC copies a thousand objects slowly
   */
  async emit(columns: DraftColumns, token: TokenIdentity = NO_TOKEN, refusals?: Refusals): Promise<Result<string>> {
    const receipt = await this.#turnOf(token, refusals, () => this.#broker.emit(draftsIn(columns)));
    return receipt.ok ? ok(JSON.stringify(receipt.value)) : receipt;
  }

  /** One page of the log (`core/log/history`), or `unauthorized` if the token was revoked. @param token of the reader */
  history(
    start: HistoryStart,
    interest: Interest,
    limits: HistoryLimits,
    token = NO_TOKEN,
    refusals?: Refusals,
  ): Result<HistoryPage> {
    return this.#turnOf(token, refusals, () => ok(this.#broker.history(start, interest, limits)));
  }

  /** As `status`, or `unauthorized` if the token was revoked. @param token of who asks */
  statusFor(token: TokenIdentity, refusals?: Refusals): Result<HubStatus> {
    return this.#turnOf(token, refusals, () => ok(this.#statusNow()));
  }

  status(refusals?: Refusals): HubStatus {
    return this.#call(refusals, () => this.#statusNow());
  }

  connections(refusals?: Refusals): HubConnections {
    return this.#call(refusals, () => connectionsOf(this.#log, this.#broker.subscribers.survey(), Date.now()));
  }

  /** As `Broker.remove`. */
  remove(cursor: Cursor, refusals?: Refusals): Result<Removed> {
    const removed = this.#call(refusals, () => this.#broker.remove(cursor));
    if (removed.ok) this.#hasRemoved(`event ${formatCursor(cursor)}`, removed.value.removed);
    return removed;
  }

  /** As `Broker.removeBefore`, in as many turns as that takes. If it is interrupted, it may be called again. */
  async removeBefore(cursor: Cursor, refusals?: Refusals): Promise<Result<Removed>> {
    let removed = 0;
    this.#handedOn(refusals);
    for (let turns = 0; ; turns++) {
      const step = this.#turn(turns === 0 ? "request" : "free", () => this.#broker.removeBefore(cursor));
      if (!step.ok) return step;
      removed += step.value.removed;
      if (step.value.isDone) break;
      await later(0, () => {});
    }
    this.#hasRemoved(`all events before ${formatCursor(cursor)}`, removed);
    return ok({ cursor: formatCursor(cursor), removed });
  }

  /** As `Broker.revoke`. */
  revoke(revocation: Revocation, refusals?: Refusals): Result<Revoked> {
    const revoked = this.#call(refusals, () => this.#broker.revoke(revocation));
    if (revoked.ok) {
      const what = "sub" in revocation ? `sub ${quoted(revocation.sub)}` : `jti ${quoted(revocation.jti)}`;
      this.#say(`revoked tokens of ${what}; sockets closed: ${revoked.value.closed}.`);
    }
    return revoked;
  }

  override alarm(info?: AlarmInvocationInfo): void {
    this.#turn("request", () => this.#broker.maintenance.ring(info?.scheduledTime ?? Date.now()));
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#turn("message", () => this.#broker.hear(socket, message));
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#turn("free", () => this.#left(socket, code));
    closeQuietly(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#turn("free", () => {
      this.#left(socket, BROKEN);
      closeQuietly(socket, FAILED, "");
    });
  }

  #statusNow(): HubStatus {
    return statusOf(this.#log, this.#broker.subscribers, this.#broker.bus.getHealth());
  }

  #hasRemoved(what: string, removed: number): void {
    this.#say(`removed ${what}; events that were there: ${removed}.`);
    this.#scrub();
  }

  /** Writes over what was removed where it may still be in the file, once for all that is removed within a second. */
  #scrub(): void {
    if (this.#isScrubDue || this.#log.bornMs === null) return;
    this.#isScrubDue = true;
    const steps = async () => {
      for (const rows of scrubFile(this.ctx.storage)) {
        for (let row = 0; row < rows; row++) this.#log.rowWritten();
        await durable(this.ctx.storage); // each step is a commit
      }
    };
    const scrubbed = later(SCRUB_AFTER_MS, () => {
      this.#isScrubDue = false;
    }).then(steps);
    this.ctx.waitUntil(scrubbed.catch((error) => report("Writing over removed events", error)));
  }

  /** An operator's act, for the log. */
  #say(act: string): void {
    console.warn(`The operator of channel ${this.ctx.id.name} ${act}`);
  }

  /** A turn of a request with a token. @returns what `act` returns, or `unauthorized` if the token was revoked */
  #turnOf<R extends Result<unknown> | Promise<Result<unknown>>>(
    token: TokenIdentity,
    refusals: Refusals | undefined,
    act: () => R,
  ) {
    return this.#call(refusals, () => {
      if (!this.#broker.isRevoked(token)) return act();
      this.#log.usage.counts.refused("unauthorized");
      return err("unauthorized", REVOKED);
    });
  }

  /** A turn of a request. @param refusals what the Worker has refused before it */
  #call<T>(refusals: Refusals | undefined, act: () => T): T {
    this.#handedOn(refusals);
    return this.#turn("request", act);
  }

  #handedOn(refusals: Refusals | undefined): void {
    if (refusals !== undefined) this.#log.usage.counts.addRefusals(refusals);
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
    this.#broker.subscribers.leave(socket, FAILED);
    closeQuietly(socket, FAILED, ""); // after which clients reconnect
  }

  /** A socket has ended. If that has woken the hub, it was not restored with the others: it leaves as they do. */
  #left(socket: WebSocket, code: number): void {
    const { subscribers } = this.#broker;
    const kept = subscribers.subscriberOf(socket) === undefined ? keptSubscriber(socket) : null;
    if (kept) this.#restore(socket, kept);
    subscribers.leave(socket, code);
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
