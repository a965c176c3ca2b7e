// `/ws/stream`: checks an upgrade and passes it to the Hub, or refuses it.

import { checkInterest } from "../../core/access/match.ts";
import { tokenOf } from "../../core/access/revocations.ts";
import { closeFor } from "../../core/fanout/closing.ts";
import { withAttach } from "../../hub/attach-request.ts";
import { isClosing } from "../../wire/close-code.ts";
import { MAX_LAST_EVENTS } from "../../wire/limits.ts";
import { parseList } from "../../wire/list.ts";
import { err, type Problem } from "../../wire/problem.ts";
import { chooseSubprotocol, encodingOf } from "../../wire/server-frame.ts";
import { callHub } from "../call-hub.ts";
import { authorizeReader } from "../http/authorize.ts";
import { foreignOrigin, isForeign } from "../http/cors.ts";
import { atMostOne, checkQuery, countOf, cursorOf, patternsAsked, queryOf } from "../http/query.ts";
import { countRefusalOf, refuse as refuseByStatus } from "../http/refuse.ts";
import { refusal } from "../http/responses.ts";

/** `events` are patterns, `cursor` is the one to resume after, `last` how many of the newest events to begin with. */
const STREAM_PARAMETERS = ["channel", "events", "cursor", "last", "token"] as const;

/** @returns the Hub's 101, or a problem */
export async function openStream(request: Request, env: Cloudflare.Env): Promise<Response> {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") {
    const { problem } = err("upgrade_required", "/ws/stream speaks WebSocket: open it with `new WebSocket(…)`.");
    return refuseByStatus(request, problem);
  }
  const subprotocol = chooseSubprotocol(parseList(request.headers.get("Sec-WebSocket-Protocol")));
  const dialect = subprotocol === undefined ? "legacy" : "v1";
  const refuse = (problem: Problem): Response => {
    if (subprotocol === undefined) return refuseByStatus(request, problem);
    countRefusalOf(request, problem);
    return closed(problem, subprotocol);
  };
  if (isForeign(request, env)) return refuse(foreignOrigin(request));
  const known = checkQuery(request.url, STREAM_PARAMETERS);
  if (!known.ok) return refuse(known.problem);
  const reader = await authorizeReader(request, env);
  if (!reader.ok) return refuse(reader.problem);
  const { name: channel, rights } = reader.value;
  const { hear: allowed, emit, expiresMs } = rights;
  const query = queryOf(request.url);
  const asked = patternsAsked(request);
  if (!asked.ok) return refuse(asked.problem);
  const interest = checkInterest({ asked: asked.value, allowed });
  if (!interest.ok) return refuse(interest.problem);
  const cursor = cursorOf(query, "cursor");
  if (!cursor.ok) return refuse(cursor.problem);
  const last = countOf(query, "last", MAX_LAST_EVENTS);
  if (!last.ok) return refuse(last.problem);
  const start = atMostOne(query, ["cursor", "last"]);
  if (!start.ok) return refuse(start.problem);
  const place = { cursor: cursor.value, last: last.value };
  const encoding = encodingOf(subprotocol);
  const settled = {
    channel,
    dialect,
    encoding,
    ...interest.value,
    ...place,
    ...tokenOf(rights),
    emit,
    expiresMs,
  } as const;
  const reply = await callHub(reader.value, env, (hub, refusals) => hub.fetch(withAttach(request, settled, refusals)));
  return reply.ok ? reply.value : refuseByStatus(request, reply.problem);
}

/**
 * A browser cannot see the status of a refused upgrade. So the Worker accepts the socket and closes it with the code that
 * says whether to reconnect, and the reason; it never reaches the Hub. A problem without such a code is answered by HTTP.
 */
function closed(problem: Problem, subprotocol: string): Response {
  const { code } = problem;
  if (!isClosing(code)) return refusal(problem);
  const { 0: theirs, 1: ours } = new WebSocketPair();
  ours.accept();
  closeFor(ours, "v1", code, problem.detail);
  return new Response(null, { status: 101, webSocket: theirs, headers: { "Sec-WebSocket-Protocol": subprotocol } });
}
