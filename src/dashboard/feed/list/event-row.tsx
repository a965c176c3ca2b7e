// One row of the list. All of an event is rendered as text.
import type { Formats } from "../../words/formats.ts";
import type { FeedWords } from "../feed-words.ts";
import { cutMiddle } from "../rows/cut-middle.ts";
import type { FeedRow, MarkRow } from "../rows/feed-row.ts";
import { typeColor } from "../rows/type-color.ts";

const TYPE_LETTERS = 24;
const SOURCE_LETTERS = 20;

/** More than fits on the widest screen. */
const PREVIEW_UNITS = 500;

export interface RowProps {
  readonly row: FeedRow;
  readonly id: string;
  /** From 1, the newest. */
  readonly nth: number;
  readonly of: number;
  readonly isCurrent: boolean;
  readonly words: FeedWords;
  readonly formats: Formats;
}

export function Row({ row, id, nth, of, isCurrent, words, formats }: RowProps) {
  const option = { id, role: "option", "aria-posinset": nth, "aria-setsize": of, "aria-selected": isCurrent } as const;
  if (row.kind !== "event") {
    return (
      <li {...option} aria-disabled="true" className={`mark ${row.kind}`} data-mark={row.kind}>
        <span title={markText(row, words)}>{markText(row, words)}</span>
      </li>
    );
  }
  const { type, source, timestamp } = row.envelope;
  return (
    <li {...option} data-key={row.key} data-cursor={row.cursor}>
      <time dateTime={timestamp} title={timestamp}>
        {formats.time(timestamp)}
      </time>
      <strong className={typeColor(type)} title={type} data-type={type}>
        {cutMiddle(type, TYPE_LETTERS)}
      </strong>
      <span className="source" title={source}>
        {cutMiddle(source, SOURCE_LETTERS)}
      </span>
      <code>{row.text.slice(0, PREVIEW_UNITS)}</code>
    </li>
  );
}

function markText(mark: MarkRow, words: FeedWords): string {
  if (mark.kind === "reset") return words.resets[mark.reason] ?? words.resets.epoch;
  return mark.kind === "live" ? words.live : words.removed;
}
