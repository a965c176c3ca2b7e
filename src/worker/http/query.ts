// Query parameters: which ones a route has, and how those are read that several routes have.
import { type Cursor, parseCursor } from "../../wire/cursor.ts";
import { describeValue } from "../../wire/describe-value.ts";
import { parseList } from "../../wire/list.ts";
import { type Patterns, parseAsked } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { EVENTS_SUBPROTOCOL } from "../../wire/server-frame.ts";
import { suggestion } from "../../wire/suggest.ts";

/** The parameters of a URL. It is not parsed as a whole, which most requests need three times, and costs a tenth of an emit. */
export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(/^[^?#]*(\?[^#]*)/.exec(url)?.[1]);
}

/** Lists: `events=a&events=b` is `events=a,b`, as some clients write them. Any other parameter has one value. */
const LISTS = new Set(["events"]);

/** @returns nothing, or `unknown_parameter` or `repeated_parameter`: with the first value alone the wrong people would be served */
export function checkQuery(url: string, known: readonly string[]): Result<void> {
  const seen = new Set<string>();
  for (const name of queryOf(url).keys()) {
    if (!known.includes(name)) {
      const detail = `This route has no parameter ${describeValue(name)}${suggestion(name, known)}`;
      return err("unknown_parameter", `${detail} It takes ${known.join(", ")}.`);
    }
    if (seen.has(name) && !LISTS.has(name)) return err("repeated_parameter", `"${name}" may be given once.`);
    seen.add(name);
  }
  return ok(undefined);
}

/** The items of a list, comma-separated or repeated. */
function listIn(query: URLSearchParams, name: string): string[] {
  return parseList(query.getAll(name).join(","));
}

/**
 * The patterns that a request asks for: in `events`, and for a socket in a subprotocol those that a URL has no room for.
 *
 * @returns them, or `bad_pattern`
 */
export function patternsAsked(request: Request): Result<Patterns> {
  const listed = listIn(queryOf(request.url), "events");
  if (listed.some((pattern) => pattern.includes("\ufffd")) && !isUtf8(new URL(request.url).search)) {
    return err("bad_pattern", "`events` must be percent-encoded UTF-8.");
  }
  const offered = parseList(request.headers.get("Sec-WebSocket-Protocol"));
  const texts: string[] = [];
  for (const name of offered.filter((each) => each.startsWith(EVENTS_SUBPROTOCOL))) {
    const text = decodeBase64Url(name.slice(EVENTS_SUBPROTOCOL.length));
    if (text === undefined)
      return err("bad_pattern", `${EVENTS_SUBPROTOCOL}… must be patterns in base64url, as UTF-8.`);
    texts.push(text);
  }
  return parseAsked([...listed, ...parseList(texts.join(","))]);
}

/** Where it is not, URLSearchParams puts U+FFFD for it, and the pattern would be another. */
function isUtf8(search: string): boolean {
  try {
    decodeURIComponent(search);
    return true;
  } catch {
    return false;
  }
}

function decodeBase64Url(text: string): string | undefined {
  try {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The cursor in the parameter `name`, `null` without one. @returns it, or `bad_cursor` */
export function cursorOf(query: URLSearchParams, name: string): Result<Cursor | null> {
  const text = query.get(name);
  if (text === null || text === "") return ok(null);
  const cursor = parseCursor(text);
  return cursor ? ok(cursor) : err("bad_cursor", `"${name}" must be a cursor, such as k3x9.44, as the hub gave it.`);
}

/** The whole number from 1 to `max` in the parameter `name`, `null` without one. @returns it, or `bad_limit` */
export function countOf(query: URLSearchParams, name: string, max: number): Result<number | null> {
  const text = query.get(name);
  if (text === null) return ok(null);
  const count = /^\d+$/.test(text) ? Number(text) : 0; // Number also takes " 5 ", 0x5, 5e0 and nothing
  if (count >= 1 && count <= max) return ok(count);
  return err("bad_limit", `"${name}" must be a whole number from 1 to ${max}.`);
}

/** Checks that at most one of the parameters `names` is there. @returns nothing, or `conflicting_parameters` */
export function atMostOne(query: URLSearchParams, names: readonly string[]): Result<void> {
  const [first, second] = names.filter((name) => query.get(name));
  if (second === undefined) return ok(undefined);
  return err("conflicting_parameters", `"${first}" and "${second}" exclude each other: send one of them.`);
}
