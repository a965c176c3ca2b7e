// Parses the body of an emit into drafts. Bytes from HTTP are parsed here only, and once.

import { type Draft, parseDraft } from "../../wire/draft.ts";
import { asObject } from "../../wire/json.ts";
import { parseJson } from "../../wire/json-fault.ts";
import { memberText } from "../../wire/json-text.ts";
import { MAX_REQUEST_BYTES } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { utf8Bytes } from "../../wire/utf8.ts";
import { checkCount, collect, type Drafts, draftsOfArray, draftsOfLines, type ParseItem } from "./batch.ts";
import { fromHeaders, fromObject, isInHeaders } from "./cloudevents.ts";
import { parseMediaType } from "./media-type.ts";
import { readBytes, textOf } from "./read-body.ts";

/** The parser of each Content-Type. */
const FORMS: Readonly<Record<string, (text: string, sender?: string) => Drafts>> = {
  "application/json": (text, sender) => fromJson(text, plain(sender), "either"),
  "application/x-ndjson": (text, sender) => draftsOfLines(text, plain(sender)),
  "application/ndjson": (text, sender) => draftsOfLines(text, plain(sender)),
  "application/jsonl": (text, sender) => draftsOfLines(text, plain(sender)),
  "application/cloudevents+json": (text, sender) => fromJson(text, fromObject(sender), "one"),
  "application/cloudevents-batch+json": (text, sender) => fromJson(text, fromObject(sender), "many"),
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
    return alone(fromHeaders(request.headers, bytes.value, sender));
  }
  const form = Object.hasOwn(FORMS, essence) ? FORMS[essence] : undefined;
  if (!form || !isUtf8) {
    const known = Object.keys(FORMS).join(", ");
    return err("unsupported_media_type", `Send events in UTF-8 as one of ${known}, not as ${header}.`);
  }
  const bytes = await readBytes(request);
  if (!bytes.ok) return bytes;
  const text = textOf(bytes.value);
  return text.ok ? form(text.value, sender) : text;
}

/**
 * One event, or an array of them, that came as values and not as text: from another Worker.
 *
 * There is no body to measure, so the drafts are, and as soon as they are too much: a thousand events may share one
 * large `data`, which is sent once and stored a thousand times.
 */
export function parseDrafts(value: unknown): Drafts {
  if (!Array.isArray(value)) return alone(parseDraft(value));
  const fits = checkCount(value.length);
  if (!fits.ok) return fits;
  let bytes = 0;
  return collect(value, (item, index) => {
    const draft = parseDraft(item, `/${index}`);
    if (!draft.ok) return draft;
    bytes += bytesOf(draft.value);
    if (bytes <= MAX_REQUEST_BYTES) return draft;
    const had = `the first ${index + 1} of these ${value.length} events have ${bytes}`;
    const detail = `A request may have ${MAX_REQUEST_BYTES} bytes; ${had}. Send them in parts.`;
    return err("body_too_large", detail, `/${index}`);
  });
}

/** What its members take; never more than the event takes in a body, so what fits over HTTP fits here. */
function bytesOf({ type, data, source, timestamp = "", id = "" }: Draft): number {
  return utf8Bytes(data) + utf8Bytes(type + source + timestamp + id);
}

function plain(sender?: string): ParseItem {
  return ({ value, text }, pointer) => parseDraft(value, pointer, asObject(value) && memberText(text, "data"), sender);
}

function fromJson(text: string, read: ParseItem, takes: "one" | "many" | "either"): Drafts {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  if (Array.isArray(value) && takes !== "one") return draftsOfArray(value, text, read);
  if (takes === "many") return err("bad_event", "A batch is an array of events.", "");
  return alone(read({ value, text }, ""));
}

function alone(draft: Result<Draft>): Drafts {
  return draft.ok ? ok([draft.value]) : draft;
}
