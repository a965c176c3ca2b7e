// `/ws/stream`: who may listen, and to what. The socket itself is the Hub's.
import { checkInterest } from "../core/match.ts";
import { withAttach } from "../hub/attach-request.ts";
import { parsePatterns } from "../wire/pattern.ts";
import { refuse } from "../wire/problem.ts";
import { SUBPROTOCOL } from "../wire/server-frame.ts";
import { foreignOrigin, isForeign } from "./cors.ts";
import { channelOf } from "./hub-of.ts";
import { cursorOf, listOf } from "./query.ts";
import { refusal } from "./replies.ts";

/**
 * Query: `channel`, `events` (patterns with commas between them), `cursor` (the place to go on from).
 *
 * @returns the Hub's 101, or a problem
 */
export async function openStream(request: Request, env: Cloudflare.Env): Promise<Response> {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    const { problem } = refuse("upgrade_required", "/ws/stream speaks WebSocket: open it with `new WebSocket(…)`.");
    return refusal(problem);
  }
  if (isForeign(request, env)) return foreignOrigin(request);
  const query = new URL(request.url).searchParams;
  const channel = channelOf(request, env);
  if (!channel.ok) return refusal(channel.problem);
  const asked = parsePatterns(listOf(query.get("events")));
  if (!asked.ok) return refusal(asked.problem);
  const interest = checkInterest({ asked: asked.value, allowed: null });
  if (!interest.ok) return refusal(interest.problem);
  const cursor = cursorOf(query, "cursor");
  if (!cursor.ok) return refusal(cursor.problem);
  const { name, hub } = channel.value;
  const dialect = listOf(request.headers.get("Sec-WebSocket-Protocol")).includes(SUBPROTOCOL) ? "v1" : "old";
  return await hub.fetch(withAttach(request, { channel: name, dialect, ...interest.value, cursor: cursor.value }));
}
