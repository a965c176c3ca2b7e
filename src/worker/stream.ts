// `/ws/stream`: who may listen, and to what. The socket itself is the Hub's.
import { withAttach } from "../hub/attach-request.ts";
import { parsePatterns } from "../wire/pattern.ts";
import { refuse } from "../wire/problem.ts";
import { SUBPROTOCOL } from "../wire/server-frame.ts";
import { channelOf } from "./hub-of.ts";
import { refusal } from "./replies.ts";

/** Query: `channel`, and `events`, patterns with commas between them. @returns the Hub's 101, or a problem */
export async function openStream(request: Request, env: Cloudflare.Env): Promise<Response> {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    const { problem } = refuse("upgrade_required", "/ws/stream speaks WebSocket: open it with `new WebSocket(…)`.");
    return refusal(problem, { Upgrade: "websocket" });
  }
  const channel = channelOf(request, env);
  if (!channel.ok) return refusal(channel.problem);
  const asked = parsePatterns(split(new URL(request.url).searchParams.get("events")));
  if (!asked.ok) return refusal(asked.problem);
  const { name, hub } = channel.value;
  const dialect = split(request.headers.get("Sec-WebSocket-Protocol")).includes(SUBPROTOCOL) ? "v1" : "old";
  return await hub.fetch(withAttach(request, { channel: name, dialect, asked: asked.value, allowed: null }));
}

function split(list: string | null): string[] {
  return (list ?? "").split(",").flatMap((item) => item.trim() || []);
}
