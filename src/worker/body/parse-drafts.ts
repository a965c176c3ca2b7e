// Parses the body of an emit: bytes → text → items → drafts. Bytes from HTTP are parsed here only, and once.

import { type Draft, parseDraft } from "../../wire/draft.ts";
import { asObject } from "../../wire/json.ts";
import { memberText } from "../../wire/json-text.ts";
import { MAX_REQUEST_BYTES } from "../../wire/limits.ts";
import { err, ok, type Problem, type Result } from "../../wire/problem.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { checkCount, type Item, type Items, itemsOfJson, itemsOfLines } from "./batch.ts";
import { eventOfHeaders, eventOfItem, isCloudEvent, isInHeaders, type SentEvent } from "./cloudevents.ts";
import { parseMediaType } from "./media-type.ts";
import { readBytes, textOf } from "./read-body.ts";

export type Drafts = Result<readonly Draft[]>;

interface Form {
  readonly layout: "one" | "many" | "either" | "lines";
  readonly isCloudEvents: boolean;
}

const JSON_LINES: Form = { layout: "lines", isCloudEvents: false };

/** What each Content-Type holds. An object with `specversion` is a CloudEvent in any of them. */
const FORMS: Readonly<Record<string, Form>> = {
  "application/json": { layout: "either", isCloudEvents: false },
  "application/x-ndjson": JSON_LINES,
  "application/ndjson": JSON_LINES,
  "application/jsonl": JSON_LINES,
  "application/cloudevents+json": { layout: "one", isCloudEvents: true },
  "application/cloudevents-batch+json": { layout: "many", isCloudEvents: true },
};

/**
 * All drafts of a request, at least one, or why it is refused: a batch is taken whole or not at all.
 *
 * @param sender the `source` of each event, in place of its own; `undefined`: it keeps its own
 */
export async function readDrafts(request: Request, sender?: string): Promise<Drafts> {
  const header = request.headers.get("Content-Type");
  const { essence, isUtf8 } = parseMediaType(header ?? "application/json");
  if (isInHeaders(request.headers, essence)) {
    const bytes = await readBytes(request);
    if (!bytes.ok) return bytes;
    return draftsOf([eventOfHeaders(request.headers, bytes.value)], sender);
  }
  const form = Object.hasOwn(FORMS, essence) ? FORMS[essence] : undefined;
  if (!form || !isUtf8) {
    const known = Object.keys(FORMS).join(", ");
    return err("unsupported_media_type", `Send events in UTF-8 as one of ${known}, not as ${header}.`);
  }
  const bytes = await readBytes(request);
  if (!bytes.ok) return bytes;
  const text = textOf(bytes.value);
  return text.ok ? draftsOf(eventsIn(text.value, form), sender) : text;
}

/**
 * One event, or an array of them, that came as values and not as text: from another Worker.
 *
 * There is no body to measure, so the drafts are, and as soon as they are too much: a thousand events may share one
 * large `data`, which is sent once and stored a thousand times.
 */
export function parseDrafts(value: unknown): Drafts {
  if (!Array.isArray(value)) {
    const draft = parseDraft(value);
    return draft.ok ? ok([draft.value]) : draft;
  }
  const fits = checkCount(value.length);
  if (!fits.ok) return fits;
  const drafts: Draft[] = [];
  let bytes = 0;
  for (const [index, item] of value.entries()) {
    const draft = parseDraft(item, `/${index}`);
    if (!draft.ok) return draft;
    drafts.push(draft.value);
    bytes += bytesOf(draft.value);
    if (bytes <= MAX_REQUEST_BYTES) continue;
    const had = `the first ${index + 1} of these ${value.length} events have ${bytes}`;
    const detail = `A request may have ${MAX_REQUEST_BYTES} bytes; ${had}. Send them in parts.`;
    return err("body_too_large", detail, `/${index}`);
  }
  return ok(drafts);
}

/** What its members take; never more than the event takes in a body, so what fits over HTTP fits here. */
function bytesOf({ type, data, source, timestamp = "", id = "" }: Draft): number {
  return utf8Bytes(data) + utf8Bytes(type + source + timestamp + id);
}

function* eventsIn(text: string, { layout, isCloudEvents }: Form): Iterable<Result<SentEvent>> {
  const items: Items = layout === "lines" ? itemsOfLines(text) : itemsOfJson(text, layout);
  for (const item of items) {
    if (!item.ok) yield item;
    else if (isCloudEvents || isCloudEvent(item.value.value)) yield cloudEvent(item.value);
    else yield ok(plainEvent(item.value));
  }
}

function cloudEvent(item: Item): Result<SentEvent> {
  const { line } = item;
  const event = eventOfItem(item);
  if (line === undefined) return event;
  return event.ok ? ok({ ...event.value, line }) : { ok: false, problem: atLine(event.problem, line) };
}

function plainEvent({ text, ...item }: Item): SentEvent {
  return { ...item, dataText: asObject(item.value) && memberText(text, "data") };
}

function atLine(problem: Problem, line: number): Problem {
  return { ...problem, detail: `Line ${line}: ${problem.detail}`, line };
}

/** The only place at which events of HTTP become drafts, so that no form of a body lets a token choose its name. */
function draftsOf(events: Iterable<Result<SentEvent>>, sender: string | undefined): Drafts {
  const drafts: Draft[] = [];
  for (const event of events) {
    if (!event.ok) return event;
    const { value, pointer, dataText, line, extensions } = event.value;
    const draft = parseDraft(value, pointer, dataText, sender, extensions);
    if (!draft.ok) return line === undefined ? draft : { ok: false, problem: atLine(draft.problem, line) };
    drafts.push(draft.value);
  }
  return ok(drafts);
}
