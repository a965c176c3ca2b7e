// The control of most benches: a Durable Object that does the least a hub can. It loops `send` over its sockets, one frame
// per event, as it was posted; it parses and checks nothing. Its sockets hibernate as Reactor's do. It stores nothing;
// or, with STORES, inserts each event as a row of one table before it sends it: the least that a durable hub can do.
import { DurableObject } from "cloudflare:workers";

interface BareEnv {
  readonly HUB: DurableObjectNamespace<BareHub>;
  readonly STORES?: string;
}

export class BareHub extends DurableObject<BareEnv> {
  /** Kept, so that no emit has to call `getWebSockets`. */
  readonly #sockets: WebSocket[];

  constructor(ctx: DurableObjectState, env: BareEnv) {
    super(ctx, env);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    this.#sockets = ctx.getWebSockets();
    if (env.STORES) ctx.storage.sql.exec("CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, event TEXT)");
  }

  override fetch(): Response {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    this.#sockets.push(ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  /** @param lines one event per line */
  emit(lines: string): void {
    for (const event of lines.split("\n")) {
      if (this.env.STORES) this.ctx.storage.sql.exec("INSERT INTO events (event) VALUES (?)", event);
      for (const socket of this.#sockets) socket.send(event);
    }
  }

  override webSocketMessage(): void {}
}

export default {
  async fetch(request: Request, env: BareEnv): Promise<Response> {
    const hub = env.HUB.getByName("main");
    if (request.headers.get("Upgrade") === "websocket") return hub.fetch(request);
    await hub.emit(await request.text());
    return new Response("{}");
  },
};
