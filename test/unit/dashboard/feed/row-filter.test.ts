import { expect, it } from "vitest";
import { eventRow } from "../../../../src/dashboard/feed/rows/feed-row.ts";
import { NO_FILTER, parseFilter, passes, toggleType } from "../../../../src/dashboard/feed/rows/row-filter.ts";
import { timeRangeOf } from "../../../../src/dashboard/feed/rows/time-range.ts";

it.each([
  ["", [], [], []],
  ["  ", [], [], []],
  ["Rain", [], [], ["rain"]],
  ["news_*", ["news_*"], [], []],
  ["type:news source:shop Rain now", ["news"], ["shop"], ["rain", "now"]],
  ['type:"Order Completed" "two words"', ["Order Completed"], [], ["two words"]],
  ['"a*b"', [], [], ["a*b"]],
  ["TYPE:a type:b", ["a", "b"], [], []],
  ['type:"Order Comp', ["Order Comp"], [], []], // while it is typed
  ["type: source: a", [], [], ["a"]],
  ["http://x", [], [], ["http://x"]],
])("[D9] reads %j", (text, types, sources, words) => {
  expect(parseFilter(text)).toEqual({ types, sources, words });
});

const row = eventRow(
  1,
  {
    type: "news_processed",
    source: "shop",
    id: "Order-7",
    timestamp: "2026-11-21T12:00:00Z",
    seq: 1,
    data: { title: "Rain" },
  },
  "k3x9.1",
);

it.each([
  ["", true],
  ["news_*", true],
  ["chat_* news_*", true], // several types are alternatives
  ["chat_*", false],
  ["NEWS_*", false], // patterns are those of the hub: case tells
  ["type:news_processed", true],
  ["type:news", false],
  ["source:shop", true],
  ["source:sh*", true],
  ["source:bank", false],
  ["rain", true],
  ["order-7 rain", true],
  ["rain snow", false],
  ["news_* source:bank", false],
])("[D9] %j shows it: %s", (text, expected) => {
  expect(passes({ ...NO_FILTER, ...parseFilter(text) }, row)).toBe(expected);
});

it("[D9] narrows by time, and shows no event without a valid one then", () => {
  const at = Date.parse("2026-11-21T12:00:00Z");
  const within = (fromMs: number | null, toMs: number | null) => passes({ ...NO_FILTER, fromMs, toMs }, row);
  expect([within(at, at), within(at + 1, null), within(null, at - 1)]).toEqual([true, false, false]);
  const odd = { ...row, envelope: { ...row.envelope, timestamp: "soon" } };
  expect(passes({ ...NO_FILTER, fromMs: 0 }, odd)).toBe(false);
  expect(passes(NO_FILTER, odd)).toBe(true);
});

it("[D9] makes ranges of the visitor's choice", () => {
  const now = new Date(2026, 10, 21, 15, 30).getTime();
  const none = { from: "", to: "" };
  expect(timeRangeOf("any", none, now)).toEqual({ fromMs: null, toMs: null });
  expect(timeRangeOf("5", none, now)).toEqual({ fromMs: now - 300_000, toMs: null });
  expect(timeRangeOf("today", none, now).fromMs).toBe(new Date(2026, 10, 21).getTime());
  expect(timeRangeOf("between", { from: "2026-11-21T15:30", to: "" }, 0)).toEqual({ fromMs: now, toMs: null });
  expect(timeRangeOf("between", { from: "", to: "2026-11-21T15:30" }, 0).toMs).toBe(now + 59_999);
});

it.each([
  ["", "news", "type:news"],
  ["type:news", "news", ""],
  ["type:news rain", "news", "rain"],
  ["chat_* rain", "news", "type:news rain"],
  ["", "Order Completed", 'type:"Order Completed"'],
  ["", 'say "hi" now', "type:say**hi**now"],
  ["type:say**hi**now", 'say "hi" now', ""],
  ['type:"Order Completed" source:a', "Order Completed", "source:a"],
])("[D9] a click in %j on the type %j makes it %j", (text, type, expected) => {
  expect(toggleType(text, type)).toBe(expected);
});
