// The events of a channel: what narrows them, the list, and the one that is open.
import { useEffect, useRef, useState } from "react";
import { useSnapshot } from "../../react/snapshot.ts";
import { isShortcut, keyOf, partInFocus } from "../visit/shortcuts.ts";
import { useVisit } from "../visit/visit-context.ts";
import { useFormats } from "../words/formats.ts";
import { useWords } from "../words/language.ts";
import { EventView } from "./event/event-view.tsx";
import { actionOf } from "./feed-keys.ts";
import type { FeedStore } from "./feed-store.ts";
import { FEED_WORDS } from "./feed-words.ts";
import { EmptyFeed } from "./list/empty-feed.tsx";
import { EventRows } from "./list/event-rows.tsx";
import { FilterBar } from "./list/filter-bar.tsx";
import { TypeCounts } from "./list/type-counts.tsx";
import { NO_FILTER, parseFilter, toggleType } from "./rows/row-filter.ts";
import type { TimeRange } from "./rows/time-range.ts";
import { usePermalink } from "./use-permalink.ts";
import "./feed.css";

export function Feed({ store }: { store: FeedStore }) {
  const words = useWords(FEED_WORDS);
  const { count } = useFormats();
  const { channel } = useVisit();
  const { selection } = store;
  const state = useSnapshot(store.state);
  const { opened } = useSnapshot(selection.selected);
  const [text, setText] = useState("");
  const [times, setTimes] = useState<TimeRange>({ fromMs: null, toMs: null });
  const section = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLOListElement>(null);
  usePermalink(store);
  useEffect(() => store.filter(NO_FILTER), [store]); // as the field says, also where this channel was shown before

  function filter(nextText: string, nextTimes = times) {
    setText(nextText);
    setTimes(nextTimes);
    store.filter({ ...parseFilter(nextText), ...nextTimes });
  }

  function close() {
    selection.close();
    list.current?.focus({ preventScroll: true });
  }

  const togglePause = () => (state.isPaused ? store.resume() : store.pause());

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = actionOf(keyOf(event));
      if (!action || !isShortcut(event)) return;
      if (partInFocus(document.querySelectorAll(".feed")) !== section.current) return;
      const at = document.activeElement;
      const isElsewhere = at !== document.body && !section.current?.contains(at);
      if (isElsewhere && (event.key.length > 1 || event.key === " ")) return;
      const isInList = at === list.current;
      const view = at?.closest<HTMLElement>(".event-view");
      const isArrow = event.key.startsWith("Arrow");
      if (isArrow && !(isInList || (view && /Left|Right/.test(event.key)))) return; // else it scrolls
      if (action === "open" && !isInList) return;
      if (action === "close" && !opened) return;
      event.preventDefault();
      if (action === "filter") field.current?.focus();
      else if (action === "pause") togglePause();
      else if (action === "open") selection.open();
      else if (action === "close") close();
      else {
        void selection.move(action === "older" ? 1 : -1);
        (view ?? list.current)?.focus({ preventScroll: true }); // what had it in the view goes with the event
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });

  const { types } = parseFilter(text);
  const isNew = !state.isPaused && !state.isFollowing && state.fresh > 0;
  const isBare = store.window.length === 0 && state.waiting === 0 && !state.isFiltered;
  return (
    <section ref={section} className="feed" aria-label={words.events} data-reactor="feed">
      <div className={`feed-parts ${opened ? "has-event" : isBare ? "is-bare" : ""}`}>
        <div className="feed-bar">
          <h2>
            {words.events} <span data-metric="received">{state.received}</span>
          </h2>
          <FilterBar
            text={text}
            onText={filter}
            field={field}
            onTimes={(range) => filter(text, range)}
            shown={state.isFiltered ? words.shown(count(state.matching), count(state.loaded)) : null}
            onClear={() => filter("", { fromMs: null, toMs: null })}
          />
          <button type="button" className="feed-pause" data-reactor="feed-pause" onClick={togglePause}>
            {state.isPaused ? words.resume(count(state.waiting)) : words.pause}
          </button>
        </div>
        <TypeCounts
          types={state.types}
          only={types.length === 1 ? types[0] : undefined}
          onType={(type) => filter(toggleType(text, type))}
        />
        <div className="feed-list">
          {isBare && !state.isOpened && <p className="feed-loading">{words.loading}</p>}
          {isBare && state.isOpened && <EmptyFeed channel={channel} />}
          {!isBare && <EventRows store={store} list={list} onType={(type) => filter(toggleType(text, type))} />}
          {isNew && (
            <button type="button" className="feed-new" data-reactor="feed-new" onClick={() => store.resume()}>
              {words.fresh(count(state.fresh))}
            </button>
          )}
        </div>
        {opened && <EventView opened={opened} selection={selection} onClose={close} />}
      </div>
    </section>
  );
}
