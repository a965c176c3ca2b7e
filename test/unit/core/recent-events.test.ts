import { expect, it, vi } from "vitest";
import { MemoryLog } from "../../../src/core/log/memory-log.ts";
import { RecentEvents } from "../../../src/core/log/recent-events.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { draftOf } from "../../support/drafts.ts";
import { AT } from "../../support/hub-in-memory.ts";
import { eventsIn, stamped } from "../../support/stamped.ts";
import { StoreInMemory } from "../../support/store-in-memory.ts";

/** A log, its recent events (which get what is appended unless `pushes` is false), and the number of reads of the log. */
function setup() {
  const log = new MemoryLog();
  const recentEvents = new RecentEvents(log);
  const append = (count: number, { bytes = 10, pushes = true } = {}) => {
    const first = log.cursor.seq + 1;
    const data = "x".repeat(bytes);
    const events = Array.from({ length: count }, (_, n) => stamped(draftOf({ type: "a", data }), "abc", first + n, AT));
    log.append(events, "abc", 0);
    if (pushes) recentEvents.push(events);
  };
  const read = vi.spyOn(log, "read");
  const seqs = (after: number) => eventsIn(recentEvents, after).map(({ seq }) => seq);
  return { log, recentEvents, append, reads: () => read.mock.calls.length, seqs };
}

it("returns what was appended without reading the log", () => {
  const { append, seqs, reads } = setup();
  append(3);
  append(2);
  expect([seqs(0), seqs(4), seqs(5), reads()]).toEqual([[1, 2, 3, 4, 5], [5], [], 0]);
});

it("reads from the log what was appended before it, and what was not added to it", () => {
  const { append, seqs, reads } = setup();
  append(2, { pushes: false });
  append(2);
  expect([seqs(2), reads()]).toEqual([[3, 4], 0]);
  expect([seqs(0), reads()]).toEqual([[1, 2, 3, 4], 1]);
  append(1, { pushes: false });
  expect([seqs(3), reads()]).toEqual([[4, 5], 2]);
});

it("reads the log once for all clients that resume at about the same cursor after a wake", () => {
  const { append, seqs, reads } = setup();
  append(20, { pushes: false });
  for (const after of [10, 12, 10, 19]) expect(seqs(after)).toHaveLength(20 - after);
  expect(reads()).toBe(1);
  append(1);
  expect([seqs(10).length, reads()]).toEqual([11, 1]);
});

it("leaves what is far behind to the log, of which it reads no more than is taken", () => {
  const { log, recentEvents, append } = setup();
  append(2_000, { pushes: false });
  const [first] = recentEvents.read(0, null);
  expect([first?.from, (first?.to ?? 0) < 1_000]).toEqual([1, true]);
  expect(log.read).toHaveBeenCalledTimes(1);
});

it("reads no more of large events into the cache than it keeps, and leaves them to the log", () => {
  const log = new SegmentLog(new StoreInMemory(), { generation: "0", freshEpoch: () => "never" });
  const data = "x".repeat(200_000);
  for (let seq = 1; seq <= 100; seq++) log.append([stamped(draftOf({ type: "a", data }), "abc", seq, AT)], "abc", 0);
  const read = log.read.bind(log);
  let slices = 0;
  vi.spyOn(log, "read").mockImplementation(function* (...args) {
    for (const slice of read(...args)) {
      slices += 1;
      yield slice;
    }
  });
  const recentEvents = new RecentEvents(log); // as after a wake
  const [first] = recentEvents.read(0, null);
  expect([first?.from, slices < 30]).toEqual([1, true]);
  expect(eventsIn(recentEvents, 90).map(({ seq }) => seq)).toEqual([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]);
  slices = 0;
  expect([eventsIn(recentEvents, 90).length, slices]).toEqual([10, 0]);
});

it("keeps about 4 MiB of the newest, and reads larger events again", () => {
  const { append, seqs, reads } = setup();
  for (let n = 0; n < 100; n++) append(1, { bytes: 100_000 });
  expect([seqs(60).length, reads()]).toEqual([40, 0]);
  expect([seqs(0).length, reads() > 0]).toEqual([100, true]);
});

it("knows whether an event is missing after a seq", () => {
  const { log, recentEvents, append } = setup();
  append(5);
  log.trim({ maxEvents: 2, maxAgeMs: Infinity, maxBytes: Infinity }, 0);
  expect([recentEvents.covers(0), new RecentEvents(log).covers(0), new RecentEvents(log).covers(3)]).toEqual([
    true,
    false,
    true,
  ]);
});

it("[P11] reads events that are too large for it once for nothing, and not at each page of a replay", () => {
  const { append, reads, recentEvents } = setup();
  append(30, { bytes: 200_000, pushes: false }); // 6 MB
  const readPage = (after: number) => void recentEvents.read(after, null)[Symbol.iterator]().next();
  for (let after = 0; after < 5; after++) readPage(4 - after);
  expect(reads()).toBe(1 + 5); // one that fills nothing, and each page its own
  append(1, { pushes: false });
  readPage(4);
  expect(reads()).toBe(7);
  readPage(25); // what is left fits
  readPage(26);
  expect(reads()).toBe(8);
});
