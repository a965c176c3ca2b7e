// The attributes of a CloudEvent that an event has no member for: extensions, and `subject`, `dataschema`, `datacontenttype`.
// They become members of the event under their own names. https://github.com/cloudevents/spec: spec.md, "Context Attributes"
import { describeValue } from "../../wire/describe-value.ts";
import { pointerTo } from "../../wire/json-pointer.ts";
import { MAX_NAME_BYTES } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";
import { suggestion } from "../../wire/suggest.ts";

/** They become members of another name, or of the same one, or end with the request. */
const MAPPED = ["specversion", "id", "source", "type", "time", "data", "data_base64"] as const;

const TEXTS = ["subject", "dataschema", "datacontenttype"] as const;

/** What the hub gives an event, in one dialect or the other. */
const COLLIDING = new Set(["timestamp", "seq", "cursor"]);

const IS_MAPPED = new Set<string>(MAPPED);
const IS_TEXT = new Set<string>(TEXTS);

/** @returns the members as JSON text, without braces; or `bad_event` or `unknown_field` with a pointer to the attribute */
export function extensionsOf(event: Readonly<Record<string, unknown>>, pointer: string): Result<string> {
  let members = "";
  for (const name of Object.keys(event)) {
    const value = event[name];
    if (IS_MAPPED.has(name) || value === undefined || value === null) continue;
    const checked = checkExtension(name, value, pointer);
    if (!checked.ok) return checked;
    members += `${members === "" ? "" : ","}"${name}":${JSON.stringify(value)}`;
  }
  return ok(members);
}

function checkExtension(name: string, value: unknown, pointer: string): Result<void> {
  if (!/^[a-z0-9]+$/.test(name)) {
    const meant = suggestion(name, [...MAPPED, ...TEXTS]);
    const detail = `An attribute of a CloudEvent has a name of a-z and 0-9, and not ${describeValue(name)}${meant}`;
    return err("unknown_field", detail, name.length > MAX_NAME_BYTES ? pointer : pointerTo(pointer, name));
  }
  const place = pointerTo(pointer, name);
  if (COLLIDING.has(name)) {
    const hint = name === "timestamp" ? '"time" becomes it' : "the hub gives an event its place";
    return err(
      "bad_event",
      `A CloudEvent may not have an attribute "${name}", which is a member of an event: ${hint}.`,
      place,
    );
  }
  if (typeof value === "string") return ok(undefined);
  if (IS_TEXT.has(name)) return err("bad_event", `"${name}" must be a string; this is ${describeValue(value)}.`, place);
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return ok(undefined);
  const detail = `An attribute of a CloudEvent is a string, a boolean or an integer up to 2^53; "${name}" is ${describeValue(value)}.`;
  return err("bad_event", detail, place);
}
