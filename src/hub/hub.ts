// One channel: a Durable Object that gives the broker its log, its clock and its sockets. Entry points, nothing more.
import { DurableObject } from "cloudflare:workers";
import { dueAt, type Facts, nextAlarm, type Task } from "../core/agenda.ts";
import { Broker, type Receipt } from "../core/broker.ts";
import type { Interest } from "../core/match.ts";
import type { Moment } from "../core/moment.ts";
import { isOver } from "../core/retention.ts";
import type { Cursor } from "../wire/cursor.ts";
import type { Draft } from "../wire/draft.ts";
import { done, type Result, refuse } from "../wire/problem.ts";
import { SUBPROTOCOL } from "../wire/server-frame.ts";
import { attachOf } from "./attach-request.ts";
import { type HubStatus, statusOf } from "./hub-status.ts";
import { addListeners } from "./listeners.ts";
import { type Settings, settingsOf } from "./settings.ts";
import { closeQuietly, keepReader, openSockets } from "./sockets.ts";
import { SqliteLog } from "./sqlite-log.ts";

export class Hub extends DurableObject<Cloudflare.Env> {
  readonly #settings: Settings;
  readonly #log: SqliteLog;
  readonly #broker: Broker<WebSocket>;
  /** For when the one alarm is set; `undefined`: not known since the last wake. */
  #alarmMs: number | null | undefined;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // The runtime answers for a sleeping hub, without waking it and without cost.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#settings = settingsOf(env);
    this.#log = new SqliteLog(ctx.storage, this.#settings.generation, freshEpoch);
    this.#broker = new Broker(this.#log, {
      now,
      freshEpoch,
      keep: keepReader,
      report: (what, error) => console.error(`A listener of ${what} failed.`, error),
      keepAwake: (promise) => ctx.waitUntil(promise),
      announces: this.#settings.announces,
    });
    if (!this.#settings.enabled) this.#broker.reactor.stop();
    addListeners(this.#broker.reactor);
    for (const [socket, reader] of openSockets(ctx)) this.#broker.readers.restore(socket, reader);
  }

  /** A WebSocket upgrade that the Worker has let in. */
  override fetch(upgrade: Request): Response {
    const attach = attachOf(upgrade);
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    this.#broker.attach(ours, { ...attach, clientId: crypto.randomUUID() });
    if (this.#broker.readers.count === 1) this.#setAlarm(); // the heartbeat begins with the first
    const headers = attach.dialect === "v1" ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : undefined;
    return new Response(null, { status: 101, webSocket: theirs, ...(headers && { headers }) });
  }

  /** @param drafts 1 to 1,000 @returns the receipt once they are durable, or `reactor_disabled` */
  emit(drafts: readonly Draft[]): Result<Receipt> {
    if (!this.#settings.enabled)
      return refuse("reactor_disabled", "REACTOR_ENABLED is false: this hub takes no events.");
    const hadNothingToKeep = this.#log.oldestMs === null;
    const receipt = this.#broker.emit(drafts);
    if (hadNothingToKeep) this.#setAlarm(); // for the day when it is too old
    this.#trimIfOver();
    return done(receipt);
  }

  /** One page of the log, as JSON text (`core/history`). */
  history(after: Cursor | null, interest: Interest, limit: number): string {
    return this.#broker.history(after, interest, limit);
  }

  status(): HubStatus {
    return statusOf(this.#log, this.#broker.readers.count, this.#broker.reactor.getHealth());
  }

  override alarm(info?: AlarmInvocationInfo): void {
    const { ms } = now();
    for (const task of dueAt(info?.scheduledTime ?? ms, this.#facts())) {
      attempt(task, () => this.#do(task));
    }
    this.#log.rowWritten(); // that of the alarm which has rung
    attempt("counting", () => this.#log.writeTally()); // the next alarm is written anyway
    this.#alarmMs = null; // it has rung
    this.#setAlarm();
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#broker.readers.hear(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#broker.readers.leave(socket);
    closeQuietly(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#broker.readers.leave(socket);
    closeQuietly(socket, 1011, "");
  }

  #do(task: Task): void {
    if (task === "heartbeat") this.#broker.beat();
    else this.#log.trim(this.#settings.retention, now().ms);
  }

  /** Events that are stored and told are not taken back because older ones would not go. */
  #trimIfOver(): void {
    const { oldest, cursor, tally } = this.#log;
    const kept = { events: cursor.seq + 1 - oldest, bytes: tally.bytes };
    if (!isOver(this.#settings.retention, kept)) return;
    attempt("retention", () => this.#log.trim(this.#settings.retention, now().ms));
  }

  #facts(): Facts {
    const { enabled, heartbeatMs, retention } = this.#settings;
    return {
      connections: this.#broker.readers.count,
      oldestMs: this.#log.oldestMs,
      heartbeatMs: enabled ? heartbeatMs : 0,
      maxAgeMs: retention.maxAgeMs,
    };
  }

  #setAlarm(): void {
    const next = nextAlarm(now().ms, this.#facts());
    if (next === this.#alarmMs) return;
    this.#alarmMs = next;
    if (next === null) return; // one that was set for somebody who has left rings once more, for nothing
    this.ctx.waitUntil(this.ctx.storage.setAlarm(next));
  }
}

/** What fails here must not keep the rest from being done. */
function attempt(what: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    console.error(`The hub's ${what} failed.`, error);
  }
}

function now(): Moment {
  const date = new Date();
  return { ms: date.getTime(), iso: date.toISOString() };
}

/** Eight of a–z0–9: two epochs of one channel are equal once in 10¹² restores. */
function freshEpoch(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join("");
}
