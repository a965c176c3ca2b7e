// Faults in pages of history: H18 and H19.
import type { Fault } from "../faulty-hub.ts";
import { asks, changesPage, setsHeaders } from "./altered-answers.ts";
import { isHistory } from "./altered-credentials.ts";
import type { SeededFault } from "./seeded-fault.ts";

const isBackwards = (query: URLSearchParams) => query.has("before") || query.has("last");

/** Moves the position before which is read. */
const movesBefore = (by: number): Fault =>
  asks((query) => {
    const [epoch, seq] = query.get("before")?.split(".") ?? [];
    if (seq !== undefined) query.set("before", `${epoch}.${Number(seq) + by}`);
  });

/**
 * Pages with the same name by `nameOf` have the same ETag.
 *
 * @param nameOf receives how many emits there were before
 */
function namesPages(nameOf: (query: URLSearchParams, emits: number) => string): Fault {
  let emits = 0;
  return {
    answer({ headers }, { method, query, headers: { "if-none-match": held } }) {
      if (method === "POST") emits++;
      if (!headers.has("ETag")) return {};
      const etag = JSON.stringify(encodeURIComponent(nameOf(query, emits)));
      headers.set("ETag", etag);
      return held?.includes(etag) ? { status: 304, text: "" } : {};
    },
  };
}

export const FAULTS_IN_HISTORY: readonly SeededFault[] = [
  {
    rule: "H18",
    hub: "leaves out the event at the cursor before which it reads",
    reason: /the seqs up to the head/,
    fault: movesBefore(-1),
  },
  {
    rule: "H18",
    hub: "repeats the first event of the page that it continues",
    reason: /cursor and head of a page before a cursor/,
    fault: movesBefore(1),
  },
  {
    rule: "H18",
    hub: "reads the newest events in descending order",
    reason: /the newest seqs /,
    fault: changesPage(({ events }, query) => (isBackwards(query) ? { events: events.reverse() } : {})),
  },
  {
    rule: "H18",
    hub: "ignores before, and begins with the oldest",
    reason: /the seqs up to the head/,
    fault: asks((query) => query.delete("before")),
  },
  {
    rule: "H18",
    hub: "counts the newest events before it filters them",
    reason: /even seqs, page by page/,
    fault: changesPage(({ events, after }, query) =>
      query.has("events") ? { events: events.slice(events.length / 2), after } : {},
    ),
  },
  {
    rule: "H18",
    hub: "ignores a limit below last",
    reason: /by a smaller limit/,
    fault: asks((query) => query.has("last") && query.delete("limit")),
  },
  {
    rule: "H18",
    hub: "has more before the first event",
    reason: /more before the first event/,
    fault: changesPage((_, query) => (query.has("before") && !query.has("events") ? { more: true } : {})),
  },
  {
    rule: "H18",
    hub: "has no more although events are before the page",
    reason: /even seqs, page by page/,
    fault: changesPage((_, query) => (query.has("before") ? { more: false } : {})),
  },
  {
    rule: "H18",
    hub: "has a head on pages behind it",
    reason: /cursor and head of a page before a cursor/,
    fault: changesPage(({ cursor }) => ({ head: cursor })),
  },
  {
    rule: "H18",
    hub: "reads nothing back after a reset",
    reason: /what is read back from a reset/,
    fault: changesPage(({ reset }, query) => (reset && query.has("before") ? { events: [] } : {})),
  },
  {
    rule: "H18",
    hub: "reads at most 1,000 where more are asked for",
    reason: /last=1001: expected a refusal/,
    fault: asks((query) => Number(query.get("last")) > 1_000 && query.set("last", "1000")),
  },
  ...[
    ["before", "last"],
    ["after", "last"],
    ["after", "before"],
  ].map(([first = "", second = ""]) => ({
    rule: "H18",
    hub: `prefers ${first} to ${second}`,
    reason: new RegExp(`${first} and ${second}: expected a refusal`),
    fault: asks((query) => query.has(first) && query.delete(second)),
  })),
  {
    rule: "H19",
    hub: "sends no ETag",
    reason: /an ETag/,
    fault: setsHeaders({ ETag: null }),
  },
  {
    rule: "H19",
    hub: "changes an ETag with each later event",
    reason: /the ETag after a later event/,
    fault: namesPages((query, emits) => `${query} ${emits}`),
  },
  {
    rule: "H19",
    hub: "answers 304 to a client that has another page",
    reason: /for a client that has another/,
    fault: {
      answer: (_, { headers }) => (headers["if-none-match"] ? { status: 304, text: "" } : {}),
    },
  },
  {
    rule: "H19",
    hub: "never answers 304",
    reason: /for a client that has it/,
    fault: { ignores: "if-none-match" },
  },
  {
    rule: "H19",
    hub: "compares a whole list of ETags as one",
    reason: /for a client that has it/,
    fault: {
      answer: ({ status }, { headers }) =>
        status === 304 && headers["if-none-match"]?.includes(",") ? { status: 200, text: "{}" } : {},
    },
  },
  {
    rule: "H19",
    hub: "names a page by its limit alone",
    reason: /the status with .*"events"/,
    fault: namesPages((query) => query.get("limit") ?? ""),
  },
  {
    rule: "H19",
    hub: "names a page without the rights of its reader",
    reason: /for a reader with other rights/,
    fault: namesPages((query) => query.toString()),
  },
  {
    rule: "H19",
    hub: "lets a shared cache keep pages",
    reason: /private, no-cache/,
    fault: setsHeaders({ "Cache-Control": "public, max-age=60" }, isHistory),
  },
  {
    rule: "H19",
    hub: "lets clients keep the newest page",
    reason: /ETag and Cache-Control with \{"last":5\}/,
    fault: setsHeaders({ "Cache-Control": "private, no-cache" }, isHistory),
  },
  {
    rule: "H19",
    hub: "has an ETag for pages that reach the head",
    reason: /ETag and Cache-Control with/,
    fault: setsHeaders({ ETag: '"newest"' }, (_, { headers }) => !headers.has("ETag")),
  },
];
