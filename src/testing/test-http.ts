// `/api/events` of a hub in memory: what backends send, and what pages load before they stream.
import { checkEmit, maySpeak, type Rights, senderOf } from "../core/access/rights.ts";
import { parseDraft } from "../wire/draft.ts";
import { asObject } from "../wire/json.ts";
import { memberText } from "../wire/json-text.ts";
import { err, ok, PROBLEMS, type Problem, type Result } from "../wire/problem.ts";
import type { TestChannel } from "./test-channel.ts";
import { parseTestQuery } from "./test-query.ts";

const READ = ["channel", "after", "last", "events", "limit"] as const;
const EMIT = ["channel", ""] as const;

/** As by HTTP. */
const PAGE_EVENTS = 100;
const PAGE_BYTES = 4 * 1024 * 1024;

export interface TestHttpPorts {
  channel(name: string): TestChannel;
  authenticate(credential: string | null, channel: string): Promise<Result<Rights>>;
}

export async function answerInTest(request: Request, ports: TestHttpPorts): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname !== "/api/events")
    return refused(err("not_found", `A test hub has /api/events, and no ${pathname}.`).problem);
  const { method } = request;
  if (method !== "GET" && method !== "POST") {
    return refused(err("method_not_allowed", `A test hub answers GET and POST here, not ${method}.`).problem);
  }
  const text = method === "GET" ? await read(request, ports) : await emit(request, ports);
  return text.ok ? json(text.value, 200, "application/json") : refused(text.problem);
}

async function read(request: Request, ports: TestHttpPorts): Promise<Result<string>> {
  const query = parseTestQuery(request.url, READ);
  if (!query.ok) return query;
  const { channel, asked, cursor, last, limit } = query.value;
  const rights = await rightsOf(request, channel, ports);
  if (!rights.ok) return rights;
  const start = last === null ? ({ at: "after", cursor } as const) : ({ at: "last" } as const);
  const events = Math.min(limit ?? last ?? PAGE_EVENTS, last ?? Number.POSITIVE_INFINITY);
  const interest = { asked, allowed: rights.value.hear };
  return ok(ports.channel(channel).broker.history(start, interest, { events, bytes: PAGE_BYTES }).text);
}

async function emit(request: Request, ports: TestHttpPorts): Promise<Result<string>> {
  const query = parseTestQuery(request.url, EMIT);
  if (!query.ok) return query;
  const { channel } = query.value;
  if (!request.headers.has("Authorization")) {
    return err("unauthorized", "Send the key, or a token, as `Authorization: Bearer …`.");
  }
  const rights = await rightsOf(request, channel, ports);
  if (!rights.ok) return rights;
  if (!maySpeak(rights.value)) return err("forbidden", "These rights do not let you emit.");
  const type = request.headers.get("Content-Type") ?? "application/json";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return err("unsupported_media_type", `A test hub takes application/json, not ${type}.`);
  }
  const drafts = draftsIn(await request.text(), senderOf(rights.value));
  if (!drafts.ok) return drafts;
  const may = checkEmit(
    rights.value,
    drafts.value.map((draft) => draft.type),
  );
  if (!may.ok) return may;
  const receipt = await ports.channel(channel).broker.emit(drafts.value);
  return receipt.ok ? ok(JSON.stringify(receipt.value)) : receipt;
}

/** One event, or an array of them. */
function draftsIn(text: string, sender: string | undefined) {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return err("bad_json", `The body is not JSON: ${String(error)}`);
  }
  const items: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (items.length === 0) return err("empty_batch", "There is no event in the body.");
  const drafts = [];
  for (const [index, item] of items.entries()) {
    const pointer = Array.isArray(body) ? `/${index}` : "";
    const own = Array.isArray(body) ? undefined : asObject(item) && memberText(text, "data"); // numbers as they are written
    const draft = parseDraft(item, pointer, own, sender);
    if (!draft.ok) return draft;
    drafts.push(draft.value);
  }
  return ok(drafts);
}

function rightsOf({ headers }: Request, channel: string, ports: TestHttpPorts): Promise<Result<Rights>> {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
  return ports.authenticate(bearer ?? null, channel);
}

function refused(problem: Problem): Response {
  const { title, status } = PROBLEMS[problem.code];
  return json(JSON.stringify({ title, status, ...problem }), status, "application/problem+json");
}

function json(text: string, status: number, type: string): Response {
  return new Response(text, { status, headers: { "Content-Type": type } });
}
