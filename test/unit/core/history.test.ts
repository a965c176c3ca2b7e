import fc from "fast-check";
import { expect, it } from "vitest";
import { type HistoryStart, readHistory } from "../../../src/core/log/history.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { READ_LIMITS } from "../../../src/core/log/read-back.ts";
import { parseCursor } from "../../../src/wire/cursor.ts";
import { draftOf } from "../../support/drafts.ts";
import { HubInMemory } from "../../support/hub-in-memory.ts";

const ALL = { asked: null, allowed: null };

function logOf(count: number): MemoryLog {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < count; n++) hub.emit(1, n % 2 === 0 ? "even" : "odd");
  return log;
}

type Interest = Parameters<typeof readHistory>[2];

const cursorOf = (text: string) => parseCursor(text) ?? expect.fail(text);
const page = (log: MemoryLog, start: HistoryStart, limit: number, interest: Interest) =>
  JSON.parse(readHistory(log, start, interest, { events: limit, bytes: READ_LIMITS.bytes }).text);

const read = (log: MemoryLog, after: string | null, limit = 100, interest: Interest = ALL) =>
  page(log, { at: "after", cursor: after === null ? null : cursorOf(after) }, limit, interest);

const readBefore = (log: MemoryLog, before: string, limit = 100, interest: Interest = ALL) =>
  page(log, { at: "before", cursor: cursorOf(before) }, limit, interest);

const readLast = (log: MemoryLog, count: number, interest: Interest = ALL) =>
  page(log, { at: "last" }, count, interest);

const seqs = ({ events }: { events: { seq: number }[] }) => events.map(({ seq }) => seq);

it("[H2] reads from the oldest event that is kept, page by page, to the head", () => {
  const log = logOf(10);
  log.trim({ maxEvents: 8, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const first = read(log, null, 5);
  expect(first).toMatchObject({ after: "abc.2", cursor: "abc.7", more: true });
  expect(first).not.toHaveProperty("head");
  expect(seqs(first)).toEqual([3, 4, 5, 6, 7]);
  const second = read(log, first.cursor, 5);
  expect(second).toMatchObject({ after: "abc.7", cursor: "abc.10", more: false, head: "abc.10" });
  expect(seqs(second)).toEqual([8, 9, 10]);
  const atHead = { after: "abc.10", cursor: "abc.10", more: false, head: "abc.10", events: [] };
  expect(read(log, second.cursor)).toEqual(atHead);
});

it("[H2] leaves out what does not match, and returns the cursor up to which it read", () => {
  const page = read(logOf(9), null, 2, { asked: ["odd"], allowed: null });
  expect([page.cursor, seqs(page)]).toEqual(["abc.5", [2, 4]]);
  const rest = read(logOf(9), page.cursor, 2, { asked: ["odd"], allowed: null });
  expect([rest.cursor, seqs(rest)]).toEqual(["abc.9", [6, 8]]);
});

it("[H2] ends a page after 10,000 events that were read", () => {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < 11; n++) hub.emit(1_000);
  expect(read(log, null, 10, { asked: ["nothing"], allowed: null })).toMatchObject({ cursor: "abc.10000", events: [] });
});

it("[H2] ends a page at 4 MiB", () => {
  const log = new MemoryLog();
  const hub = new HubInMemory(log);
  for (let n = 0; n < 20; n++) hub.emit([draftOf({ type: "a", data: "x".repeat(250_000) })]);
  expect(seqs(read(log, null, 1_000))).toHaveLength(16);
});

it("[H2] [C4] returns a reset if it cannot continue from the cursor", () => {
  const log = logOf(10);
  expect(read(log, "xyz.3")).toEqual({
    after: "abc.10",
    cursor: "abc.10",
    more: false,
    head: "abc.10",
    reset: { reason: "epoch", oldest: "abc.1", cursor: "abc.10" },
    events: [],
  });
  log.trim({ maxEvents: 2, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const page = read(log, "abc.3");
  expect(page).toMatchObject({ after: "abc.8", reset: { reason: "trimmed", oldest: "abc.9", cursor: "abc.8" } });
  expect(seqs(page)).toEqual([9, 10]);
});

it("[H2] [L5] reads nothing from a channel without a log", () => {
  const empty = { after: "0.0", cursor: "0.0", more: false, head: "0.0", events: [] };
  expect(read(new MemoryLog(), null)).toEqual(empty);
  expect(read(new MemoryLog(), "0.0")).toEqual(empty);
  expect(readBefore(new MemoryLog(), "0.0")).toEqual(empty);
  expect(readLast(new MemoryLog(), 5)).toEqual(empty);
});

it("[H18] reads the newest events, and backwards from there to the oldest that is kept", () => {
  const log = logOf(10);
  log.trim({ maxEvents: 8, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const newest = readLast(log, 3);
  expect(newest).toMatchObject({ after: "abc.7", cursor: "abc.10", more: true, head: "abc.10" });
  expect(seqs(newest)).toEqual([8, 9, 10]);
  const middle = readBefore(log, newest.after, 3);
  expect(middle).toMatchObject({ after: "abc.4", cursor: "abc.7", more: true });
  expect(middle).not.toHaveProperty("head");
  expect(seqs(middle)).toEqual([5, 6, 7]);
  const oldest = readBefore(log, middle.after, 3);
  expect(oldest).toMatchObject({ after: "abc.2", cursor: "abc.4", more: false });
  expect(seqs(oldest)).toEqual([3, 4]);
  expect(readBefore(log, oldest.after, 3)).toEqual({ after: "abc.2", cursor: "abc.2", more: false, events: [] });
});

it("[H18] reads all there is where that is less than was asked for", () => {
  const all = readLast(logOf(3), 50);
  expect(all).toMatchObject({ after: "abc.0", cursor: "abc.3", more: false, head: "abc.3" });
  expect(seqs(all)).toEqual([1, 2, 3]);
});

it("[H18] counts only events that match", () => {
  const odd = { asked: ["odd"], allowed: null };
  const newest = readLast(logOf(9), 2, odd);
  expect([newest.after, newest.cursor, seqs(newest)]).toEqual(["abc.5", "abc.9", [6, 8]]);
  const rest = readBefore(logOf(9), newest.after, 2, odd);
  expect([rest.after, rest.cursor, seqs(rest)]).toEqual(["abc.1", "abc.5", [2, 4]]);
});

it("[H18] ends a page backwards after 10,000 events that were read, or at 4 MiB, and says that there is more", () => {
  const many = new MemoryLog();
  const hub = new HubInMemory(many);
  for (let n = 0; n < 11; n++) hub.emit(1_000);
  const nothing = readLast(many, 10, { asked: ["nothing"], allowed: null });
  expect(nothing).toEqual({ after: "abc.1000", cursor: "abc.11000", more: true, head: "abc.11000", events: [] });
  const large = new MemoryLog();
  const other = new HubInMemory(large);
  for (let n = 0; n < 20; n++) other.emit([draftOf({ type: "a", data: "x".repeat(250_000) })]);
  const newest = readLast(large, 1_000);
  expect([newest.after, newest.more, seqs(newest).length]).toEqual(["abc.4", true, 16]);
});

it("[H18] [C4] returns a reset if it cannot read backwards from the cursor, and reads from the reset's cursor", () => {
  const log = logOf(10);
  for (const [asked, reason] of [
    ["xyz.3", "epoch"],
    ["abc.11", "ahead"],
  ] as const) {
    const newest = readBefore(log, asked, 2);
    expect(newest).toMatchObject({ after: "abc.8", cursor: "abc.10", reset: { reason, cursor: "abc.10" } });
    expect(seqs(newest)).toEqual([9, 10]);
  }
  log.trim({ maxEvents: 2, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  expect(readBefore(log, "abc.3")).toEqual({
    after: "abc.8",
    cursor: "abc.8",
    more: false,
    reset: { reason: "trimmed", oldest: "abc.9", cursor: "abc.8" },
    events: [],
  });
});

it("[H19] tags a full page behind the head by epoch, range, patterns and rights, and no other page", () => {
  const log = logOf(10);
  const tag = (start: HistoryStart, limit = 3, interest: Interest = ALL) =>
    readHistory(log, start, interest, { events: limit, bytes: READ_LIMITS.bytes }).etag;
  const after = (text: string): HistoryStart => ({ at: "after", cursor: cursorOf(text) });
  const before = (text: string): HistoryStart => ({ at: "before", cursor: cursorOf(text) });
  const first = tag(after("abc.2"));
  expect(first).toMatch(/^"[!#-~]+"$/);
  const others = [
    tag(after("abc.3")),
    tag(after("abc.2"), 4),
    tag(after("abc.2"), 3, { asked: ["*"], allowed: null }),
    tag(after("abc.2"), 3, { asked: null, allowed: ["*"] }),
    tag(before("abc.9")),
  ];
  expect(new Set([first, ...others]).size).toBe(6);
  expect(others).not.toContain(null);
  new HubInMemory(log).emit(5);
  expect(tag(after("abc.2"))).toBe(first);
  expect(tag(before("abc.9"))).toBe(others[4]);
  // At the head, without anything before it, or with a reset, a page changes.
  expect([tag(after("abc.13")), tag(before("abc.3")), tag(before("abc.15")), tag({ at: "last" })]).toEqual(
    Array(4).fill(null),
  );
  expect(tag(before("zzz.9"))).toBeNull();
  log.turnEpoch("next");
  expect(tag(after("next.2"))).not.toBe(first);
});

it("[H18] pages backwards as it pages forwards: every matching event once", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 300 }),
      fc.constantFrom<readonly string[] | null>(null, ["a"], ["a", "c"], ["none"]),
      fc.integer({ min: 1, max: 40 }),
      fc.nat({ max: 300 }),
      (types, asked, limit, keep) => {
        const log = new MemoryLog();
        const hub = new HubInMemory(log);
        for (const type of types) hub.emit(1, type);
        log.trim({ maxEvents: keep, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
        const interest = { asked, allowed: null };
        const expected = types.flatMap((type, n) =>
          n + 1 >= log.oldest && (asked === null || asked.includes(type)) ? [n + 1] : [],
        );
        const backwards: number[] = [];
        let each = readLast(log, limit, interest);
        for (let pages = 0; pages <= types.length; pages++) {
          backwards.unshift(...seqs(each));
          expect(each.events.length).toBeLessThanOrEqual(limit);
          if (!each.more) break;
          each = readBefore(log, each.after, limit, interest);
        }
        expect(backwards).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});
