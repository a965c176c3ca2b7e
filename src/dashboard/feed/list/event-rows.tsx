// The list, of which only the rows in sight are in the document. It follows what comes while it is at its top; else it stands still
// under the eye: what comes is held back, and where rows above it go, it moves by their height.
import {
  type MouseEvent,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useSnapshot } from "../../../react/snapshot.ts";
import { useFormats } from "../../words/formats.ts";
import { useWords } from "../../words/language.ts";
import type { FeedStore } from "../feed-store.ts";
import { FEED_WORDS } from "../feed-words.ts";
import { Row } from "./event-row.tsx";
import { ListEnd } from "./list-end.tsx";

/** Rows beyond each edge that are there before they are scrolled to. */
const OVERSCAN = 8;

/** What is measured: the scrolled distance, the height of the part in sight, and that of a row, all in px. */
interface Sight {
  readonly top: number;
  readonly height: number;
  readonly row: number;
}

export interface EventRowsProps {
  readonly store: FeedStore;
  /** The list, for the keyboard. */
  readonly list: RefObject<HTMLOListElement | null>;
  onType(type: string): void;
}

export function EventRows({ store, list, onType }: EventRowsProps) {
  const words = useWords(FEED_WORDS);
  const formats = useFormats();
  const state = useSnapshot(store.state);
  const { key } = useSnapshot(store.selection.selected);
  const { window } = store;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  /** The row at the upper edge, and where it was. */
  const eye = useRef({ key: 0, index: 0 });
  const jumped = useRef(state.jumps);
  const [sight, setSight] = useState<Sight>({ top: 0, height: 600, row: 32 });

  useLayoutEffect(() => {
    const [area, row] = [scroller.current, probe.current];
    if (!area || !row) return undefined;
    const measure = () =>
      setSight({ top: area.scrollTop, height: area.clientHeight, row: row.getBoundingClientRect().height || 32 });
    const observer = new ResizeObserver(measure);
    observer.observe(area);
    observer.observe(row);
    measure();
    return () => observer.disconnect();
  }, []);

  const onScroll = useCallback(() => {
    const area = scroller.current;
    if (!area) return;
    const top = area.scrollTop;
    const index = Math.min(window.length - 1, Math.floor(top / sight.row));
    eye.current = { key: window.at(index)?.key ?? 0, index };
    setSight((before) => (before.top === top ? before : { ...before, top }));
    store.scrolled(top < 2);
    if (top + area.clientHeight > area.scrollHeight - 2 * sight.row) void store.loadOlder();
  }, [sight.row, store, window]);

  /** Does at once what follows from it: the browser says so with the next frame only. */
  const scrollTo = useCallback(
    (top: number) => {
      if (scroller.current) scroller.current.scrollTop = top;
      onScroll();
    },
    [onScroll],
  );

  useLayoutEffect(() => {
    if (jumped.current !== state.jumps) scrollTo(0);
    jumped.current = state.jumps;
  }, [state.jumps, scrollTo]);

  // Without dependencies: the rows above the eye change with what the store does, not with what React knows.
  useLayoutEffect(() => {
    const area = scroller.current;
    const index = window.indexOf(eye.current.key);
    if (!area || store.isAtTop || index === eye.current.index || index < 0) return;
    scrollTo(area.scrollTop + (index - eye.current.index) * sight.row);
  });

  // A row that the keyboard goes to comes into sight.
  useEffect(() => {
    const area = scroller.current;
    if (!area || key === null) return;
    const top = window.indexOf(key) * sight.row;
    if (top < area.scrollTop) scrollTo(top);
    else if (top + sight.row > area.scrollTop + area.clientHeight) scrollTo(top + sight.row - area.clientHeight);
  }, [key, sight.row, window, scrollTo]);

  const first = Math.max(0, Math.floor(sight.top / sight.row) - OVERSCAN);
  const last = Math.min(window.length, Math.ceil((sight.top + sight.height) / sight.row) + OVERSCAN);
  const isEndNear = last === window.length;
  useEffect(() => {
    if (isEndNear && !window.isFiltered && state.older === "more" && state.olderFault === "") void store.loadOlder();
  }, [isEndNear, state, store, window]);

  function onClick({ target }: MouseEvent) {
    const element = target as Element;
    const type = element.closest("[data-type]")?.getAttribute("data-type");
    if (type != null) return onType(type);
    const row = element.closest("[data-key]")?.getAttribute("data-key");
    if (row != null) store.selection.open(Number(row));
  }

  const indexes = Array.from({ length: Math.max(0, last - first) }, (_, n) => first + n);
  return (
    <div className="feed-scroll" ref={scroller} onScroll={onScroll}>
      <div className="feed-probe" ref={probe} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the feed takes the keys, wherever the focus is in it */}
      <ol
        ref={list}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA in HTML allows it
        role="listbox"
        tabIndex={0}
        aria-label={words.events}
        aria-activedescendant={indexes.some((index) => window.at(index)?.key === key) ? `${id}${key}` : undefined}
        data-reactor="events-container"
        style={{ height: window.length * sight.row, paddingTop: first * sight.row }}
        onClick={onClick}
      >
        {indexes.map((index) => {
          const row = window.at(index);
          if (!row) return null;
          const isCurrent = row.key === key;
          const props = { row, nth: index + 1, of: window.length, isCurrent, words, formats };
          return <Row key={row.key} id={`${id}${row.key}`} {...props} />;
        })}
      </ol>
      <ListEnd store={store} />
    </div>
  );
}
