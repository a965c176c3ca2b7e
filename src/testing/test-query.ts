// What the address of a stream, or of a page of the log, asks for: read and refused as the Worker does.
import { channelFault, DEFAULT_CHANNEL, isChannel } from "../wire/channel.ts";
import { type Cursor, parseCursor } from "../wire/cursor.ts";
import { describeValue } from "../wire/describe-value.ts";
import { MAX_LAST_EVENTS } from "../wire/limits.ts";
import { parseList } from "../wire/list.ts";
import { type Patterns, parseAsked } from "../wire/pattern.ts";
import { err, ok, type Result } from "../wire/problem.ts";

export interface TestQuery {
  readonly channel: string;
  readonly asked: Patterns;
  readonly cursor: Cursor | null;
  readonly last: number | null;
  readonly limit: number | null;
}

/** @param names the parameters that there are; the second is that of the cursor */
export function parseTestQuery(url: string, names: readonly [string, string, ...string[]]): Result<TestQuery> {
  const query = new URL(url).searchParams;
  for (const name of query.keys()) {
    if (names.includes(name)) continue;
    return err("unknown_parameter", `A test hub has no parameter ${describeValue(name)} here: ${names.join(", ")}.`);
  }
  const channel = query.get("channel") ?? DEFAULT_CHANNEL;
  if (!isChannel(channel)) return err("bad_channel", channelFault(channel));
  const asked = parseAsked(parseList(query.getAll("events").join(",")));
  if (!asked.ok) return asked;
  const [, place] = names;
  const text = query.get(place) || null;
  const cursor = text === null ? null : parseCursor(text);
  if (cursor === undefined)
    return err("bad_cursor", `"${place}" must be a cursor, such as k3x9.44, as the hub gave it.`);
  if (cursor && query.has("last")) {
    return err("conflicting_parameters", `"${place}" and "last" exclude each other: send one of them.`);
  }
  const last = countOf(query.get("last"), "last");
  if (!last.ok) return last;
  const limit = countOf(query.get("limit"), "limit");
  return limit.ok ? ok({ channel, asked: asked.value, cursor, last: last.value, limit: limit.value }) : limit;
}

function countOf(text: string | null, name: string): Result<number | null> {
  if (text === null) return ok(null);
  const count = /^\d+$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MAX_LAST_EVENTS) return ok(count);
  return err("bad_limit", `"${name}" must be a whole number from 1 to ${MAX_LAST_EVENTS}.`);
}
