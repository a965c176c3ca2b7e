import { expect, it } from "vitest";
import { readHistory } from "../../../src/core/log/history.ts";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
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

const read = (log: MemoryLog, after: string | null, limit = 100, interest = ALL as Parameters<typeof readHistory>[2]) =>
  JSON.parse(readHistory(log, after === null ? null : (parseCursor(after) ?? expect.fail()), interest, limit));

const seqs = ({ events }: { events: { seq: number }[] }) => events.map(({ seq }) => seq);

it("[H2] reads from the oldest event that is kept, page by page, to the head", () => {
  const log = logOf(10);
  log.trim({ maxEvents: 8, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  const first = read(log, null, 5);
  expect(first).toMatchObject({ after: "abc.2", cursor: "abc.7", head: "abc.10" });
  expect(seqs(first)).toEqual([3, 4, 5, 6, 7]);
  const second = read(log, first.cursor, 5);
  expect(second).toMatchObject({ after: "abc.7", cursor: "abc.10", head: "abc.10" });
  expect(seqs(second)).toEqual([8, 9, 10]);
  expect(read(log, second.cursor)).toEqual({ after: "abc.10", cursor: "abc.10", head: "abc.10", events: [] });
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
  expect(read(new MemoryLog(), null)).toEqual({ after: "0.0", cursor: "0.0", head: "0.0", events: [] });
  expect(read(new MemoryLog(), "0.0")).toEqual({ after: "0.0", cursor: "0.0", head: "0.0", events: [] });
});
