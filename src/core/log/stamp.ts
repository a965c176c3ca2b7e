// Stamping: a draft gets its seq, and becomes the text that is stored, sent and replayed.
import { formatCursor } from "../../wire/cursor.ts";
import type { Draft } from "../../wire/draft.ts";
import type { ClockTime } from "../clock.ts";
import { keyOf } from "./fingerprint.ts";
import type { AppendedEvent } from "./logged-event.ts";

/** Gives `drafts` consecutive seqs from `first` on. The hub adds what a publisher left out: the time, and an id that is its cursor. */
export function stamp(drafts: readonly Draft[], epoch: string, first: number, at: ClockTime): AppendedEvent[] {
  let quoted = { type: "", typeJson: '""', source: "", sourceJson: '""' }; // mostly those of the one before
  const texts = drafts.map(({ type, data, source, timestamp = at.iso, id, extensions }, index) => {
    const seq = first + index;
    if (type !== quoted.type) quoted = { ...quoted, type, typeJson: JSON.stringify(type) };
    if (source !== quoted.source) quoted = { ...quoted, source, sourceJson: JSON.stringify(source) };
    const { typeJson, sourceJson } = quoted;
    const ids = id === undefined ? `"${formatCursor({ epoch, seq })}"` : JSON.stringify(id); // as `receiptOf` makes it
    const more = extensions === "" ? "" : `,${extensions}`;
    return `{"type":${typeJson},"data":${data},"source":${sourceJson},"timestamp":"${timestamp}","id":${ids},"seq":${seq}${more}}`;
  });
  // A text that was put together is a tree of a dozen strings, which the garbage collector would copy for as long as the event
  // is recent. A part of one long string is a single one.
  const all = texts.length === 1 ? "" : texts.join("");
  let from = 0;
  return drafts.map((draft, index) => {
    const { length } = texts[index] as string;
    const event = all === "" ? (texts[index] as string) : all.slice(from, from + length);
    from += length;
    return { seq: first + index, type: draft.type, event, bytes: length + draft.wide, key: keyOf(draft) };
  });
}
