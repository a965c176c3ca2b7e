// What narrows the list, all of it in sight: a field, a range of time, and how many events that leaves.
import { type RefObject, useEffect, useEffectEvent, useState } from "react";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS } from "../feed-words.ts";
import { type TimeRange, timeRangeOf } from "../rows/time-range.ts";

export interface FilterBarProps {
  readonly text: string;
  onText(text: string): void;
  readonly field: RefObject<HTMLInputElement | null>;
  onTimes(range: TimeRange): void;
  /** `null`: nothing is filtered. */
  readonly shown: string | null;
  onClear(): void;
}

/** How far behind a range that ends now may be. */
const SLIDE_MS = 5_000;

type Choice = "any" | "5" | "60" | "today" | "between";

export function FilterBar({ text, onText, field, onTimes, shown, onClear }: FilterBarProps) {
  const words = useWords(FEED_WORDS);
  const [choice, setChoice] = useState<Choice>("any");
  const [between, setBetween] = useState({ from: "", to: "" });

  function choose(next: Choice, bounds = between) {
    setChoice(next);
    setBetween(bounds);
    onTimes(timeRangeOf(next, bounds, Date.now()));
  }

  const slide = useEffectEvent(() => onTimes(timeRangeOf(choice, between, Date.now())));
  const slides = choice === "5" || choice === "60" || choice === "today";
  useEffect(() => {
    if (!slides) return undefined;
    const timer = setInterval(() => slide(), SLIDE_MS);
    return () => clearInterval(timer);
  }, [slides]);

  const bound = (name: "from" | "to") => (
    <label>
      {words[name]}{" "}
      <input
        type="datetime-local"
        value={between[name]}
        onChange={({ target }) => choose("between", { ...between, [name]: target.value })}
      />
    </label>
  );

  return (
    <search className="feed-filter">
      <input
        ref={field}
        type="search"
        value={text}
        aria-label={words.filter}
        placeholder={words.filterHint}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        data-reactor="feed-filter"
        onChange={({ target }) => onText(target.value)}
      />
      <select
        aria-label={words.time}
        value={choice}
        data-reactor="feed-times"
        onChange={({ target }) => choose(target.value as Choice)}
      >
        {Object.entries(words.ranges).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      {choice === "between" && (
        <span className="feed-between">
          {bound("from")} {bound("to")}
        </span>
      )}
      {shown !== null && (
        <>
          <span className="soft" data-reactor="feed-shown">
            {shown}
          </span>
          <button
            type="button"
            onClick={() => {
              choose("any", { from: "", to: "" });
              onClear();
            }}
          >
            {words.clear}
          </button>
        </>
      )}
    </search>
  );
}
