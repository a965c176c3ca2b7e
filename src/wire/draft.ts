// A draft: an event of a publisher that was checked. Entry point → parseDraft → hub.
import { describeValue } from "./describe-value.ts";
import { isReserved } from "./event.ts";
import { checkMembers } from "./event-members.ts";
import { isEventType, typeFault } from "./event-type.ts";
import { isPlainObject } from "./json.ts";
import { compact } from "./json-text.ts";
import { jsonOf } from "./json-value.ts";
import { MAX_DATA_DEPTH, MAX_EVENT_BYTES, MAX_NAME_BYTES } from "./limits.ts";
import { err, ok, type Result } from "./problem.ts";
import { parseTimestamp } from "./timestamp.ts";
import { utf8Bytes } from "./utf8.ts";

/** An event before it is stamped. Only `parseDraft` makes one, so it is never checked again. */
export interface Draft {
  readonly type: string;
  /** The JSON of `data`, as text: it is validated here once and never taken apart again on the way to the browsers. */
  readonly data: string;
  readonly source: string;
  readonly timestamp: string | undefined;
  readonly id: string | undefined;
  /** Attributes of a CloudEvent that become members of the event, as JSON text without braces; mostly empty. */
  readonly extensions: string;
  /** How many bytes more than UTF-16 units its texts take in UTF-8 as JSON: 0 for ASCII. */
  readonly wide: number;
  readonly [draft]: true;
}
declare const draft: unique symbol;

/** What stamping adds to a draft at most, besides a timestamp: keys and punctuation 59, seq 16, an id of the hub's 33. */
const ENVELOPE_BYTES = 59 + 16 + 33;

/** The hub's own timestamp, `2026-11-21T12:00:00.000Z`. */
const HUB_TIME_LENGTH = 24;

/**
 * Checks one event as a publisher wrote it: `{type, data?, source?, timestamp?, id?}`.
 *
 * @param value parsed JSON, or any value by RPC or of a listener
 * @param pointer where in the request it stood, as a JSON Pointer
 * @param dataText the JSON of `data` as it was sent, from who has it: its numbers are kept as they are written there.
 *   Without it `data` is checked as a value: `jsonOf`
 * @param sender the `source`, where the entry point knows it: the event's own is then ignored
 * @param extensions members for the event beyond those, as JSON text without braces, of an entry point that has checked them
 * @returns the draft, or `bad_event`, `unknown_field`, `reserved_type` or `event_too_large`
 */
export function parseDraft(
  value: unknown,
  pointer = "",
  dataText?: string,
  sender?: string,
  extensions = "",
): Result<Draft> {
  if (!isPlainObject(value)) {
    return err("bad_event", `An event is an object with a "type"; this is ${describeValue(value)}.`, pointer);
  }
  const known = checkMembers(value, pointer);
  if (!known.ok) return known;
  const { type, data = {}, timestamp, id } = value;
  const { source = "system" } = sender === undefined ? value : { source: sender };
  if (!isEventType(type)) return err("bad_event", typeFault(type, '"type"'), `${pointer}/type`);
  if (isReserved(type)) {
    return err(
      "reserved_type",
      `${JSON.stringify(type)} is the hub's own: echo, reactor_* and websocket_* cannot be emitted.`,
      `${pointer}/type`,
    );
  }
  if (!isName(source)) return badName("source", source, pointer);
  if (sender === undefined && source.startsWith("user:")) {
    return err(
      "bad_event",
      '"source" may not begin with "user:", which stands for people with a token.',
      `${pointer}/source`,
    );
  }
  if (id !== undefined && !isName(id)) return badName("id", id, pointer);
  const time = parseTimestamp(timestamp, pointer);
  if (!time.ok) return time;

  const json = dataText === undefined ? jsonOf(data, pointer) : compactJson(dataText, pointer);
  if (!json.ok) return json;
  const text = json.value;
  const names = JSON.stringify(type) + JSON.stringify(source) + JSON.stringify(id ?? "") + extensions;
  const wide = utf8Bytes(text) - text.length + utf8Bytes(names) - names.length;
  const bytes = text.length + names.length + wide + (time.value?.length ?? HUB_TIME_LENGTH) + ENVELOPE_BYTES;
  if (bytes > MAX_EVENT_BYTES) {
    return err(
      "event_too_large",
      `An event may take ${MAX_EVENT_BYTES} bytes as stored; this one may take ${bytes}.`,
      pointer,
    );
  }
  return ok({ type, data: text, source, timestamp: time.value, id, extensions, wide } as Draft);
}

function compactJson(json: string, pointer: string): Result<string> {
  const { text, depth } = compact(json);
  if (depth <= MAX_DATA_DEPTH) return ok(text);
  return err("bad_event", `"data" may be nested ${MAX_DATA_DEPTH} deep; this is ${depth}.`, `${pointer}/data`);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && utf8Bytes(value) <= MAX_NAME_BYTES;
}

function badName(member: string, value: unknown, pointer: string) {
  return err(
    "bad_event",
    `"${member}" must be a string of 1 to ${MAX_NAME_BYTES} bytes; this is ${describeValue(value)}.`,
    `${pointer}/${member}`,
  );
}
