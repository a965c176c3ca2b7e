// Parses the events of one request into drafts: all of them, or none.
import type { Draft } from "../../wire/draft.ts";
import { parseJson } from "../../wire/json-fault.ts";
import { itemTexts } from "../../wire/json-text.ts";
import { MAX_REQUEST_EVENTS } from "../../wire/limits.ts";
import { err, ok, type Result } from "../../wire/problem.ts";

/** One event as it was sent: parsed, and the text that it was parsed from. */
export interface Sent {
  readonly value: unknown;
  readonly text: string;
}

/** @param pointer where in the request it stood, as a JSON Pointer */
export type ParseItem = (sent: Sent, pointer: string) => Result<Draft>;

export type Drafts = Result<readonly Draft[]>;

/** An array of events, as JSON has it. */
export function draftsOfArray(values: readonly unknown[], text: string, read: ParseItem): Drafts {
  const fits = checkCount(values.length);
  if (!fits.ok) return fits;
  const texts = itemTexts(text);
  return collect(values, (value, index) => read({ value, text: texts[index] ?? "" }, `/${index}`));
}

/** NDJSON: one event per line; blank lines only count for line numbers. */
export function draftsOfLines(text: string, read: ParseItem): Drafts {
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
  if (!fits.ok) return fits;
  return collect(lines, ({ text, line }, index) => {
    const value = parseJson(text, line);
    if (!value.ok) return value;
    const draft = read({ value: value.value, text }, `/${index}`);
    if (draft.ok) return draft;
    const { problem } = draft;
    return { ok: false, problem: { ...problem, detail: `Line ${line}: ${problem.detail}`, line } };
  });
}

export function checkCount(count: number): Result<void> {
  if (count === 0) return err("empty_batch", "The batch is empty: send at least one event.");
  if (count <= MAX_REQUEST_EVENTS) return ok(undefined);
  return err("batch_too_large", `A request may have ${MAX_REQUEST_EVENTS} events; this one has more.`);
}

export function collect<T>(items: readonly T[], draftOf: (item: T, index: number) => Result<Draft>): Drafts {
  const drafts: Draft[] = [];
  for (const [index, item] of items.entries()) {
    const draft = draftOf(item, index);
    if (!draft.ok) return draft;
    drafts.push(draft.value);
  }
  return ok(drafts);
}
