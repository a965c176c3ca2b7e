// Mutants of: the list of events on the live page.
import type { Mutant } from "./mutant.ts";

const WINDOW = ["test/unit/dashboard/feed/feed-window.test.ts"] as const;
const STORE = ["test/unit/dashboard/feed/feed-store.test.ts"] as const;
const FILTER = ["test/unit/dashboard/feed/row-filter.test.ts"] as const;

export const LIVE_FEED: readonly Mutant[] = [
  {
    name: "feed-no-seam",
    rule: "D6",
    breaks: "an operator takes events of yesterday for live ones",
    file: "src/dashboard/feed/feed-store.ts",
    text: 'if (this.#received > 0) this.window.mark({ kind: "live" });',
    replacement: "",
    tests: STORE,
  },
  {
    name: "feed-without-end",
    rule: "D7",
    breaks: "a page that is open for a day takes all memory",
    file: "src/dashboard/feed/rows/feed-window.ts",
    text: "while (this.#shown.isOver) {",
    replacement: "while (false as boolean) {",
    tests: WINDOW,
  },
  {
    name: "feed-the-first-it-has-is-the-first",
    rule: "D7",
    breaks: "the list says that it begins with the channel's first event where older ones were deleted",
    file: "src/dashboard/feed/feed-store.ts",
    text: "const isFirst = parseCursor(after)?.seq === 0;",
    replacement: "const isFirst = after !== null;",
    tests: STORE,
  },
  {
    name: "feed-moves-under-the-eye",
    rule: "D8",
    breaks: "the row that one reads moves away while events come, and a paused list goes on",
    file: "src/dashboard/feed/rows/feed-window.ts",
    text: "if (!this.isHolding) {",
    replacement: "if (row.key > 0) {",
    tests: WINDOW,
  },
  {
    name: "feed-gap-after-a-pause",
    rule: "D8",
    breaks: "after a long pause the list has a gap that nothing marks",
    file: "src/dashboard/feed/rows/feed-window.ts",
    text: "if (this.#isJoined) {",
    replacement: "if (held) {",
    tests: WINDOW,
  },
  {
    name: "feed-case-tells-in-words",
    rule: "D9",
    breaks: "a search for “Rain” finds nothing",
    file: "src/dashboard/feed/rows/row-filter.ts",
    text: "words.push(value.toLowerCase());",
    replacement: "words.push(value);",
    tests: FILTER,
  },
  {
    name: "feed-keeps-what-was-taken-out",
    rule: "D10",
    breaks: "a secret that was taken out of the log stays on every open page",
    file: "src/dashboard/visit/visit.ts",
    text: "for (const listener of this.#listeners) listener.removed?.(String(cursor));",
    replacement: "",
    tests: STORE,
  },
  {
    name: "feed-all-lines-at-once",
    rule: "D10",
    breaks: "an event with 100,000 values freezes the page that opens it",
    file: "src/dashboard/feed/event/json-lines.ts",
    text: "while (levels.length > 0 && lines.length < most) {",
    replacement: "while (levels.length > 0 && most > 0) {",
    tests: ["test/unit/dashboard/feed/json-lines.test.ts"],
  },
  {
    name: "feed-quotes-end-the-quotation",
    rule: "D11",
    breaks: "a copied command runs what a publisher wrote into an event",
    file: "src/dashboard/visit/curl-line.ts",
    text: `text.replaceAll("'", "'\\\\''")`,
    replacement: "text",
    tests: ["test/unit/dashboard/visit/curl-line.test.ts"],
  },
];
