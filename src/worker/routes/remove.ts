// `DELETE /api/events/<cursor>` and `DELETE /api/events?before=<cursor>`: an operator takes events out of the log.
import type { Removed } from "../../core/broker.ts";
import { parseCursor } from "../../wire/cursor.ts";
import { err, type Result } from "../../wire/problem.ts";
import { callHubForResult } from "../call-hub.ts";
import { authorizeOperatorIn } from "../http/authorize.ts";
import { cursorOf, queryOf } from "../http/query.ts";

/** One event. @returns its cursor, and how many events were there to be taken out: 1 or 0 */
export async function removeEvent(request: Request, env: Cloudflare.Env): Promise<Result<Removed>> {
  const channel = await authorizeOperatorIn(request, env, ["channel"]);
  if (!channel.ok) return channel;
  const cursor = parseCursor(new URL(request.url).pathname.split("/").at(-1));
  if (!cursor) return err("bad_cursor", "The path ends with the event's cursor, such as /api/events/k3x9.44.");
  return await callHubForResult(channel.value, env, (hub, refusals) => hub.remove(cursor, refusals));
}

/** All events below a place. @returns the cursor, and how many events it has taken out */
export async function removeEventsBefore(request: Request, env: Cloudflare.Env): Promise<Result<Removed>> {
  const channel = await authorizeOperatorIn(request, env, ["channel", "before"]);
  if (!channel.ok) return channel;
  const before = cursorOf(queryOf(request.url), "before");
  if (!before.ok) return before;
  if (before.value === null) {
    const what = "the events below it are taken out, and it stays";
    return err("bad_cursor", `"before" is missing: it must be the cursor of an event; ${what}.`);
  }
  const cursor = before.value;
  return await callHubForResult(channel.value, env, (hub, refusals) => hub.removeBefore(cursor, refusals));
}
