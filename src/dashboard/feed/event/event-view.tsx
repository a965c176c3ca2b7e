// One event beside the list: its envelope, its data, and what can be done with it.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { curlLine } from "../../visit/curl-line.ts";
import { useVisit } from "../../visit/visit-context.ts";
import { CopyButton } from "../../words/copy-button.tsx";
import { useFormats } from "../../words/formats.ts";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS, type FeedWords } from "../feed-words.ts";
import { permalinkOf } from "../permalink.ts";
import type { EventRow } from "../rows/feed-row.ts";
import { typeColor } from "../rows/type-color.ts";
import { cursorOf, type Opened, type Selection } from "../selection.ts";
import { EmitAgain } from "./emit-again.tsx";
import { dataOf, draftOf, eventJson } from "./event-copies.ts";
import { JsonView } from "./json-view.tsx";

export interface EventViewProps {
  readonly opened: Opened;
  readonly selection: Selection;
  onClose(): void;
}

export function EventView({ opened, selection, onClose }: EventViewProps) {
  const words = useWords(FEED_WORDS);
  const view = useRef<HTMLElement>(null);
  useEffect(() => view.current?.focus({ preventScroll: true }), []);
  const cursor = cursorOf(opened);
  return (
    <section ref={view} tabIndex={-1} className="event-view" aria-label={words.event} data-reactor="event-view">
      <header>
        <button type="button" className="event-back" onClick={onClose}>
          ‹ {words.back}
        </button>
        <span className="soft" data-reactor="event-cursor">
          {cursor}
        </span>
        <button
          type="button"
          className="event-newer"
          aria-label={words.newer}
          title={`${words.newer} (k)`}
          onClick={() => void selection.move(-1)}
        />
        <button
          type="button"
          className="event-older"
          aria-label={words.older}
          title={`${words.older} (j)`}
          onClick={() => void selection.move(1)}
        />
        <button
          type="button"
          className="event-close"
          aria-label={words.close}
          title={`${words.close} (Esc)`}
          onClick={onClose}
        >
          ×
        </button>
      </header>
      {opened.status === "open" ? (
        <OpenEvent key={cursor ?? opened.row.key} row={opened.row} />
      ) : (
        <p role="status" className="event-missing" data-status={opened.status}>
          {missing(opened.status, words)} {opened.detail}
        </p>
      )}
    </section>
  );
}

function missing(status: Exclude<Opened["status"], "open">, words: FeedWords): string {
  return status === "failed" ? "" : words[status];
}

function OpenEvent({ row }: { row: EventRow }) {
  const words = useWords(FEED_WORDS);
  const { channel } = useVisit();
  const { type, source, id, seq, timestamp, ...others } = row.envelope;
  const [data] = useState(() => dataOf(row));
  return (
    <>
      <h3 className={typeColor(type)}>{type}</h3>
      <dl>
        <Member name={words.members.timestamp}>
          <Moment timestamp={timestamp} />
        </Member>
        <Member name={words.members.source}>{source}</Member>
        <Member name={words.members.id}>{id}</Member>
        {seq !== undefined && <Member name={words.members.seq}>{seq}</Member>}
        {row.cursor !== null && <Member name={words.members.cursor}>{row.cursor}</Member>}
        {Object.entries(others).map(([name, value]) => (
          <Member key={name} name={name}>
            {typeof value === "string" ? value : JSON.stringify(value)}
          </Member>
        ))}
      </dl>
      <div className="event-actions">
        <CopyButton name="copy-json" label={words.copyJson} text={() => eventJson(row)} />
        <CopyButton name="copy-curl" label={words.copyCurl} text={() => curlLine(location, channel, draftOf(row))} />
        {row.cursor !== null && (
          <CopyButton
            name="copy-link"
            label={words.copyLink}
            text={() => permalinkOf(location.origin, channel, String(row.cursor))}
          />
        )}
        <EmitAgain row={row} />
      </div>
      <JsonView data={data} />
    </>
  );
}

function Member({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const MOMENT_MS = 10_000;

/** Absolute, and how long ago. */
function Moment({ timestamp }: { timestamp: string }) {
  const { time, ago } = useFormats();
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MOMENT_MS);
    return () => clearInterval(timer);
  }, []);
  const ms = Date.parse(timestamp);
  return (
    <time dateTime={timestamp} title={timestamp}>
      {time(timestamp)}
      {!Number.isNaN(ms) && <span className="soft"> · {ago(nowMs - ms)}</span>}
    </time>
  );
}
