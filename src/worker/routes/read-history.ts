// `GET /api/events`: the history of a channel, page by page, forwards or backwards.
import { tokenOf } from "../../core/access/revocations.ts";
import type { HistoryPage, HistoryStart } from "../../core/log/history.ts";
import { MAX_LAST_EVENTS } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { callHubForResult } from "../call-hub.ts";
import { authorizeReader } from "../http/authorize.ts";
import { taggedJson } from "../http/etag.ts";
import { holdPage, holdUntilSent, releasePage } from "../http/page-budget.ts";
import { atMostOne, countOf, cursorOf, patternsAsked, queryOf } from "../http/query.ts";
import { refuse } from "../http/refuse.ts";
import { jsonText } from "../http/responses.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

/** `after` and `before` are cursors, `last` is a number, `events` are patterns. */
export const HISTORY_PARAMETERS = ["channel", "after", "before", "last", "events", "limit", "token"] as const;

/** @returns the page */
export async function readHistory(request: Request, env: Cloudflare.Env, ctx: ExecutionContext): Promise<Response> {
  const page = await pageOf(request, env).finally(() => releasePage(request));
  if (!page.ok) return refuse(request, page.problem);
  const { text, etag } = page.value;
  return holdUntilSent(request, etag === null ? jsonText(text) : taggedJson(request, text, etag), text, ctx);
}

async function pageOf(request: Request, env: Cloudflare.Env): Promise<Result<HistoryPage>> {
  const reader = await authorizeReader(request, env);
  if (!reader.ok) return reader;
  const { rights } = reader.value;
  const query = queryOf(request.url);
  const start = startOf(query);
  if (!start.ok) return start;
  const asked = patternsAsked(request);
  if (!asked.ok) return asked;
  const last = countOf(query, "last", MAX_LAST_EVENTS);
  if (!last.ok) return last;
  const limit = countOf(query, "limit", MAX_LIMIT);
  if (!limit.ok) return limit;
  const count = Math.min(limit.value ?? last.value ?? DEFAULT_LIMIT, last.value ?? MAX_LIMIT);
  const interest = { asked: asked.value, allowed: rights.hear };
  const bytes = holdPage(request, Date.now());
  return await callHubForResult(reader.value, env, (hub, refusals) =>
    hub.history(start.value, interest, { events: count, bytes }, tokenOf(rights), refusals),
  );
}

function startOf(query: URLSearchParams): Result<HistoryStart> {
  const single = atMostOne(query, ["after", "before", "last"]);
  if (!single.ok) return single;
  if (query.has("last")) return ok({ at: "last" });
  const at = query.has("before") ? "before" : "after";
  const cursor = cursorOf(query, at);
  if (!cursor.ok) return cursor;
  if (at === "after") return ok({ at, cursor: cursor.value });
  if (cursor.value !== null) return ok({ at, cursor: cursor.value });
  return err("bad_cursor", '"before" is empty: it must be a cursor, such as the "after" of a page.');
}
