// One channel: a Durable Object that gives the broker its log, its clock and its sockets. Entry points, nothing more.
import { DurableObject } from "cloudflare:workers";
import { Broker, type HubStatus, type Receipt } from "../core/broker.ts";
import type { Moment } from "../core/moment.ts";
import type { Draft } from "../wire/draft.ts";
import { SUBPROTOCOL } from "../wire/server-frame.ts";
import { attachOf } from "./attach-request.ts";
import { closeQuietly, openSockets } from "./sockets.ts";
import { SqliteLog } from "./sqlite-log.ts";

export class Hub extends DurableObject<Cloudflare.Env> {
  readonly #broker: Broker<WebSocket>;

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env);
    // The runtime answers for a sleeping hub, without waking it and without cost.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#broker = new Broker(new SqliteLog(ctx.storage));
    for (const [socket, reader] of openSockets(ctx)) this.#broker.restore(socket, reader);
  }

  /** A WebSocket upgrade that the Worker has let in. */
  override fetch(upgrade: Request): Response {
    const attach = attachOf(upgrade);
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    ours.serializeAttachment(this.#broker.attach(ours, { ...attach, clientId: crypto.randomUUID() }, now()));
    const headers = attach.dialect === "v1" ? { "Sec-WebSocket-Protocol": SUBPROTOCOL } : undefined;
    return new Response(null, { status: 101, webSocket: theirs, ...(headers && { headers }) });
  }

  /** @param drafts 1 to 1,000 @returns once they are durable */
  emit(drafts: readonly Draft[]): Receipt {
    return this.#broker.emit(drafts, now(), freshEpoch);
  }

  status(): HubStatus {
    return this.#broker.status;
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    this.#broker.hear(socket, message);
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#broker.leave(socket);
    closeQuietly(socket, code, reason);
  }

  override webSocketError(socket: WebSocket): void {
    this.#broker.leave(socket);
    closeQuietly(socket, 1011, "");
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
