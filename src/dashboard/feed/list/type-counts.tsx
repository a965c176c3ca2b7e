// How many of the loaded events are of each type; a click shows only those.
import { useFormats } from "../../words/formats.ts";
import { useWords } from "../../words/language.ts";
import { FEED_WORDS } from "../feed-words.ts";
import { cutMiddle } from "../rows/cut-middle.ts";
import type { TypeCount } from "../rows/top-types.ts";
import { typeColor } from "../rows/type-color.ts";

const LETTERS = 24;

export interface TypeCountsProps {
  readonly types: readonly TypeCount[];
  /** The type that is shown alone. */
  readonly only: string | undefined;
  onType(type: string): void;
}

export function TypeCounts({ types, only, onType }: TypeCountsProps) {
  const words = useWords(FEED_WORDS);
  const { count } = useFormats();
  const most = types[0]?.[1] ?? 1;
  return (
    <nav className="feed-types" aria-label={words.types} data-reactor="feed-types">
      <ul>
        {types.map(([type, events]) => (
          <li key={type}>
            <button
              type="button"
              className={typeColor(type)}
              title={words.filterBy(type, count(events))}
              aria-pressed={type === only}
              onClick={() => onType(type)}
            >
              <span className="name">{cutMiddle(type, LETTERS)}</span> <span className="count">{count(events)}</span>
              <span className="bar" style={{ inlineSize: `${(100 * events) / most}%` }} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
