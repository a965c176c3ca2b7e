// Formatted JSON that folds, a line a row.
import { Fragment, useState } from "react";
import type { Json } from "../../../client/index.ts";
import { useFormats } from "../../words/formats.ts";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS } from "../feed-words.ts";
import { type JsonLine, jsonLines } from "./json-lines.ts";

/** Shown at first, and more at a time: each is an element. */
const LINES = 500;

/** What is open at first: what is near the root, and not long. */
const OPEN_DEPTH = 4;
const OPEN_ITEMS = 100;

/** Deeper lines are not indented further: they would leave the page. */
const INDENTED_DEPTH = 24;

interface Folds {
  /** What is not folded or unfolded by itself. `null`: by depth. */
  readonly all: boolean | null;
  readonly own: ReadonlyMap<object, boolean>;
}

/** Give it a `key`: it remembers what was folded. */
export function JsonView({ data }: { data: Json }) {
  const words = useWords(FEED_WORDS);
  const { count } = useFormats();
  const [folds, setFolds] = useState<Folds>({ all: null, own: new Map() });
  const [most, setMost] = useState(LINES);
  const isOpen = (container: object, depth: number, items: number) =>
    folds.own.get(container) ?? folds.all ?? (depth === 0 || (depth < OPEN_DEPTH && items <= OPEN_ITEMS));
  const { lines, isAll } = jsonLines(data, isOpen, most);
  const fold = (all: boolean) => setFolds({ all, own: new Map() });
  const toggle = ({ container, isOpen: wasOpen }: JsonLine) => {
    if (container) setFolds(({ all, own }) => ({ all, own: new Map(own).set(container, !wasOpen) }));
  };
  return (
    <section className="event-json" data-reactor="event-data">
      <header>
        <h4>{words.data}</h4>
        {typeof data === "object" && data !== null && (
          <>
            <button type="button" onClick={() => fold(true)}>
              {words.unfoldAll}
            </button>
            <button type="button" onClick={() => fold(false)}>
              {words.foldAll}
            </button>
          </>
        )}
      </header>
      <pre>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is what is at its place
          <Fragment key={index}>
            <Line line={line} onToggle={() => toggle(line)} items={words.items(count(line.items))} />
          </Fragment>
        ))}
      </pre>
      {!isAll && (
        <button type="button" onClick={() => setMost(most + LINES)}>
          {words.moreLines(count(LINES))}
        </button>
      )}
    </section>
  );
}

function Line({ line, items, onToggle }: { line: JsonLine; items: string; onToggle: () => void }) {
  const words = useWords(FEED_WORDS);
  const { count } = useFormats();
  const { depth, name, text, kind, hidden, hasComma, container, isOpen } = line;
  const indent = { paddingInlineStart: `${1.25 + Math.min(depth, INDENTED_DEPTH) * 1.1}em` };
  const content = (
    <>
      {name !== null && <span className="member">{name}: </span>}
      <span className={kind}>{text}</span>
      {hasComma && ","}
      {hidden > 0 && <i>{` ${words.characters(count(hidden))}`}</i>}
    </>
  );
  if (!container) {
    return (
      <span className="line" style={indent}>
        {content}
      </span>
    );
  }
  return (
    <button type="button" className="line" style={indent} aria-expanded={isOpen} onClick={onToggle}>
      {content}
      {!isOpen && <i> {items}</i>}
    </button>
  );
}
