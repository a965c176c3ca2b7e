// `GET /api/events`: the history of a channel, page by page.
import { parsePatterns } from "../../wire/pattern.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { authorizeReader } from "../http/authorize.ts";
import { cursorOf, listIn } from "../http/query.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** `after` is a cursor, `events` are patterns. */
export const HISTORY_PARAMETERS = ["channel", "after", "events", "limit", "token"] as const;

/** @returns the page as JSON text */
export async function readHistory(request: Request, env: Cloudflare.Env): Promise<Result<string>> {
  const reader = await authorizeReader(request, env);
  if (!reader.ok) return reader;
  const { hub, rights } = reader.value;
  const query = new URL(request.url).searchParams;
  const after = cursorOf(query, "after");
  if (!after.ok) return after;
  const asked = parsePatterns(listIn(query, "events"));
  if (!asked.ok) return asked;
  const text = query.get("limit") ?? String(DEFAULT_LIMIT);
  const limit = /^\d+$/.test(text) ? Number(text) : 0; // Number also takes " 5 ", 0x5, 5e0 and nothing
  if (limit < 1 || limit > MAX_LIMIT) {
    return err("bad_limit", `"limit" must be a whole number from 1 to ${MAX_LIMIT}.`);
  }
  return ok(await hub.history(after.value, { asked: asked.value, allowed: rights.hear }, limit));
}
