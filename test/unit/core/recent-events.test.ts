import { expect, it, vi } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { RecentEvents } from "../../../src/core/log/recent-events.ts";
import { stamp } from "../../../src/core/log/stamp.ts";
import { draftOf } from "../../support/drafts.ts";
import { AT } from "../../support/hub-in-memory.ts";

/** A log, a tail that is told of what is appended unless asked not to be, and how often the log was read. */
function tailOf() {
  const log = new MemoryLog();
  const recentEvents = new RecentEvents(log);
  const append = (count: number, { bytes = 10, tells = true } = {}) => {
    const first = log.cursor.seq + 1;
    const data = "x".repeat(bytes);
    const events = Array.from({ length: count }, (_, n) => stamp(draftOf({ type: "a", data }), "abc", first + n, AT));
    log.append(events, "abc", 0);
    if (tells) recentEvents.push(events);
  };
  const read = vi.spyOn(log, "read");
  const seqs = (after: number) => [...recentEvents.read(after)].map(({ seq }) => seq);
  return { log, recentEvents, append, reads: () => read.mock.calls.length, seqs };
}

it("gives what was appended without asking the log", () => {
  const { append, seqs, reads } = tailOf();
  append(3);
  append(2);
  expect([seqs(0), seqs(4), seqs(5), reads()]).toEqual([[1, 2, 3, 4, 5], [5], [], 0]);
});

it("asks the log for what came before it, and for what it was not told of", () => {
  const { append, seqs, reads } = tailOf();
  append(2, { tells: false });
  append(2);
  expect([seqs(2), reads()]).toEqual([[3, 4], 0]);
  expect([seqs(0), reads()]).toEqual([[1, 2, 3, 4], 1]);
  append(1, { tells: false });
  expect([seqs(3), reads()]).toEqual([[4, 5], 2]);
});

it("reads the log once for all who come back to about the same place after a wake", () => {
  const { append, seqs, reads } = tailOf();
  append(20, { tells: false });
  for (const after of [10, 12, 10, 19]) expect(seqs(after)).toHaveLength(20 - after);
  expect(reads()).toBe(1);
  append(1);
  expect([seqs(10).length, reads()]).toEqual([11, 1]);
});

it("leaves what is far behind to the log, of which it reads no more than is taken", () => {
  const { log, recentEvents, append } = tailOf();
  append(2_000, { tells: false });
  const first = recentEvents.read(0)[Symbol.iterator]().next();
  expect(first.value).toMatchObject({ seq: 1 });
  expect(log.read).toHaveBeenCalledTimes(1);
});

it("keeps some 4 MiB of the newest, and reads again what is heavier", () => {
  const { append, seqs, reads } = tailOf();
  for (let n = 0; n < 100; n++) append(1, { bytes: 100_000 });
  expect([seqs(60).length, reads()]).toEqual([40, 0]);
  expect([seqs(0).length, reads() > 0]).toEqual([100, true]);
});

it("knows whether something is missing behind a place", () => {
  const { log, recentEvents, append } = tailOf();
  append(5);
  log.trim({ maxEvents: 2, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  expect([recentEvents.covers(0), new RecentEvents(log).covers(0), new RecentEvents(log).covers(3)]).toEqual([
    true,
    false,
    true,
  ]);
});
