// The body of an emit becomes drafts. The only place where HTTP's bytes are parsed.
import { type Draft, parseDraft } from "../wire/draft.ts";
import { MAX_REQUEST_BYTES, MAX_REQUEST_EVENTS } from "../wire/limits.ts";
import { done, type Result, refuse } from "../wire/problem.ts";

/** All drafts of a request, at least one, or what is wrong with it: a batch is taken whole or not at all. */
export async function readDrafts(request: Request): Promise<Result<readonly Draft[]>> {
  const type = request.headers.get("Content-Type");
  if (type !== null && !/^application\/json\s*(;|$)/i.test(type)) {
    return refuse("unsupported_media_type", `Send events as application/json, not as ${type}.`);
  }
  const text = await readText(request);
  if (!text.ok) return text;
  const value = parseJson(text.value);
  if (!value.ok) return value;
  return parseDrafts(value.value);
}

export function parseDrafts(value: unknown): Result<readonly Draft[]> {
  if (!Array.isArray(value)) {
    const draft = parseDraft(value);
    return draft.ok ? done([draft.value]) : draft;
  }
  if (value.length === 0) return refuse("empty_batch", "The array has no events; a batch has at least one.");
  if (value.length > MAX_REQUEST_EVENTS) {
    return refuse("batch_too_large", `A request may have ${MAX_REQUEST_EVENTS} events; this one has ${value.length}.`);
  }
  const drafts: Draft[] = [];
  for (const [index, item] of value.entries()) {
    const draft = parseDraft(item, `/${index}`);
    if (!draft.ok) return draft;
    drafts.push(draft.value);
  }
  return done(drafts);
}

/** The body as text; too long a one is refused as soon as that is known, from its announced length if it has one. */
async function readText(request: Request): Promise<Result<string>> {
  if (Number(request.headers.get("Content-Length")) > MAX_REQUEST_BYTES) return tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REQUEST_BYTES) return tooLarge();
    chunks.push(chunk);
  }
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
    return done(chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("") + decoder.decode());
  } catch {
    return refuse("bad_json", "The body is not UTF-8.");
  }
}

function tooLarge() {
  return refuse("body_too_large", `A request may have ${MAX_REQUEST_BYTES} bytes; send this one in parts.`);
}

function parseJson(text: string): Result<unknown> {
  try {
    return done(JSON.parse(text));
  } catch (error) {
    return refuse("bad_json", `The body is not JSON: ${error instanceof Error ? error.message : "no reason given"}.`);
  }
}
