// Takes the text of a request apart into its events, one after the other: a problem of the first is found before the second
// is parsed.
import { parseJson } from "../../wire/json-fault.ts";
import { itemTexts } from "../../wire/json-text.ts";
import { MAX_REQUEST_EVENTS } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";

/** One event as it was sent: parsed, and the text that it was parsed from. */
export interface Item {
  readonly value: unknown;
  readonly text: string;
  /** Where in the request it stood, as a JSON Pointer. */
  readonly pointer: string;
  /** Its line of NDJSON, from 1. */
  readonly line?: number;
}

/** Ends with the first problem. */
export type Items = Iterable<Result<Item>>;

/** JSON: one event, or an array of them. */
export function* itemsOfJson(text: string, takes: "one" | "many" | "either"): Items {
  const parsed = parseJson(text);
  if (!parsed.ok) return yield parsed;
  const { value } = parsed;
  if (Array.isArray(value) && takes !== "one") return yield* itemsOfArray(value, text);
  if (takes === "many") return yield err("bad_event", "A batch is an array of events.", "");
  yield ok({ value, text, pointer: "" });
}

/** NDJSON: one event per line; blank lines only count for line numbers. */
export function* itemsOfLines(text: string): Items {
  const lines: { text: string; line: number }[] = [];
  let line = 1;
  for (let from = 0; from <= text.length && lines.length <= MAX_REQUEST_EVENTS; line++) {
    const newline = text.indexOf("\n", from);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(from, end);
    if (/[^ \t\r]/.test(content)) lines.push({ text: content, line });
    from = end + 1;
  }
  const fits = checkCount(lines.length);
  if (!fits.ok) return yield fits;
  for (const [index, { text, line }] of lines.entries()) {
    const parsed = parseJson(text, line);
    if (!parsed.ok) return yield parsed;
    yield ok({ value: parsed.value, text, pointer: `/${index}`, line });
  }
}

function* itemsOfArray(values: readonly unknown[], text: string): Items {
  const fits = checkCount(values.length);
  if (!fits.ok) return yield fits;
  const texts = itemTexts(text);
  for (const [index, value] of values.entries()) yield ok({ value, text: texts[index] ?? "", pointer: `/${index}` });
}

export function checkCount(count: number): Result<void> {
  if (count === 0) return err("empty_batch", "The batch is empty: send at least one event.");
  if (count <= MAX_REQUEST_EVENTS) return ok(undefined);
  return err("batch_too_large", `A request may have ${MAX_REQUEST_EVENTS} events; this one has more.`);
}
