// Maps CloudEvents 1.0 to events (SPEC.md, CloudEvents). By hand: the library is five times as large as this Worker.
// https://github.com/cloudevents/spec: formats/json-format.md, bindings/http-protocol-binding.md
import { asObject } from "../../wire/json.ts";
import { parseJson } from "../../wire/json-fault.ts";
import { pointerTo } from "../../wire/json-pointer.ts";
import { memberText } from "../../wire/json-text.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { parseTimestamp } from "../../wire/timestamp.ts";
import type { Item } from "./batch.ts";
import { extensionsOf } from "./cloudevent-extensions.ts";
import { isJsonType, isTextType, parseMediaType } from "./media-type.ts";
import { textOf } from "./read-body.ts";

const REQUIRED = ["specversion", "id", "source", "type"] as const;

/** What binary mode has no `ce-` header for. */
const IN_THE_BODY = new Set(["data", "data_base64", "datacontenttype"]);

/** An event as `parseDraft` takes it, with the text of its `data`. */
export interface SentEvent extends Omit<Item, "text"> {
  readonly dataText: string | undefined;
  /** Members that it has beyond those of `value`, as JSON text without braces. */
  readonly extensions?: string;
}

/** Whether an object that came as plain JSON calls itself a CloudEvent. */
export function isCloudEvent(value: unknown): boolean {
  return Object.hasOwn(asObject(value) ?? {}, "specversion");
}

/** Structured mode, and each item of a batch: attributes and data are members of one object. */
export function eventOfItem({ value, text, pointer }: Item): Result<SentEvent> {
  const event = asObject(value);
  if (!event) return err("bad_event", "A CloudEvent is an object.", pointer);
  if (event.data_base64 === undefined || event.data_base64 === null) {
    return eventOf(event, pointer, memberText(text, "data"));
  }
  const place = `${pointer}/data_base64`;
  if (event.data !== undefined) return err("bad_event", "A CloudEvent has data or data_base64, not both.", place);
  const bytes = bytesOf(event.data_base64);
  if (!bytes) return err("bad_event", '"data_base64" must be bytes in base64.', place);
  const data = dataOf(bytes, typeof event.datacontenttype === "string" ? event.datacontenttype : null);
  if (data.ok) return eventOf(event, pointer, data.value);
  return err("bad_event", `"data_base64" is not what "datacontenttype" says: ${data.problem.detail}`, place);
}

/** Whether a request is a CloudEvent in binary mode: its Content-Type is then that of the data alone. */
export function isInHeaders(headers: Headers, essence: string): boolean {
  return !essence.startsWith("application/cloudevents") && REQUIRED.some((name) => headers.has(`ce-${name}`));
}

/** Binary mode: attributes are headers, and the body is the data. A pointer names the attribute: `/type` is `ce-type`. */
export function eventOfHeaders(headers: Headers, body: Uint8Array): Result<SentEvent> {
  const event: Record<string, string> = {};
  for (const [header, text] of headers) {
    if (!header.startsWith("ce-")) continue;
    const name = header.slice("ce-".length);
    if (IN_THE_BODY.has(name)) {
      const detail = `"${name}" is no header of a CloudEvent: the body is its data, and Content-Type the type of that.`;
      return err("bad_event", detail, `/${name}`);
    }
    const value = decodeHeader(text);
    if (value === undefined) {
      return err("bad_event", `The header ce-${name} is not valid percent-encoded UTF-8.`, pointerTo("", name));
    }
    event[name] = value;
  }
  const type = headers.get("Content-Type");
  if (type !== null) event.datacontenttype = type;
  const data = dataOf(body, type ?? "application/json");
  return data.ok ? eventOf(event, "", data.value) : data;
}

function eventOf(event: Record<string, unknown>, pointer: string, dataText: string | undefined): Result<SentEvent> {
  for (const name of REQUIRED) {
    if (event[name] === undefined || event[name] === null) {
      return err("bad_event", `A CloudEvent has ${REQUIRED.join(", ")}; "${name}" is missing.`, `${pointer}/${name}`);
    }
  }
  if (event.specversion !== "1.0") {
    return err("bad_event", '"specversion" must be "1.0".', `${pointer}/specversion`);
  }
  const extensions = extensionsOf(event, pointer);
  if (!extensions.ok) return extensions;
  const { type, source, id, time } = event;
  const timestamp = parseTimestamp(time ?? undefined, pointer, "time"); // here, where its name is known
  if (!timestamp.ok) return timestamp;
  const value = { type, source, id, timestamp: timestamp.value };
  return ok({ value, pointer, dataText, extensions: extensions.value });
}

/**
 * Bytes as JSON text, by their type: JSON as it is, text as a string, others in base64. Without bytes: no data, but for text, which
 * may be empty.
 */
function dataOf(bytes: Uint8Array, contentType: string | null): Result<string | undefined> {
  const { essence, isUtf8 } = parseMediaType(contentType ?? "application/octet-stream");
  if (bytes.byteLength === 0) return ok(isTextType(essence) ? '""' : undefined);
  const isJson = isJsonType(essence);
  if (!isJson && !isTextType(essence)) {
    return ok(JSON.stringify({ datacontenttype: contentType, data_base64: base64Of(bytes) }));
  }
  if (!isUtf8) return err("unsupported_media_type", `Send text in UTF-8, not as ${contentType}.`);
  const text = textOf(bytes);
  if (!isJson) return text.ok ? ok(JSON.stringify(text.value)) : err("bad_event", text.problem.detail, "/data");
  if (!text.ok) return text;
  const value = parseJson(text.value);
  return value.ok ? text : value;
}

/** The value of a `ce-` header: without quotes and their escapes, as older senders wrote them, then percent-decoded once. */
function decodeHeader(header: string): string | undefined {
  const quoted = /^"(.*)"$/.exec(header)?.[1];
  try {
    return decodeURIComponent(quoted === undefined ? header : quoted.replace(/\\(.)/g, "$1"));
  } catch {
    return undefined;
  }
}

function bytesOf(base64: unknown): Uint8Array | undefined {
  if (typeof base64 !== "string") return undefined;
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
