// The contract of the event log. Each implementation runs it from a test file of its own.
import { describe, expect, it } from "vitest";
import type { AppendedEvent, EventLog } from "../../src/core/log/event-log.ts";
import { contentIn } from "../../src/core/log/fingerprint.ts";
import { TRIM_STEP } from "../../src/core/log/retention.ts";

const logged = (seq: number, type = "news_processed", key: string | null = null): AppendedEvent => {
  const event = `{"seq":${seq}}`;
  return { seq, type, event, bytes: event.length, key };
};
const MINUTE_MS = 60_000;

/** An event with an id of its publisher. */
const named = (seq: number, key: string): AppendedEvent => {
  const event = `{"type":"a","data":${seq},"source":"s","timestamp":"","id":"x","seq":${seq}}`;
  return { seq, type: "a", event, bytes: event.length, key };
};
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => logged(from + n));
const withoutKey = ({ key: _, ...event }: AppendedEvent) => event;

/** A copy of the counters: a log changes them in place. */
const counted = ({ usage }: EventLog) => ({ ...usage, byType: Object.fromEntries(usage.byType) });
const seqs = (log: EventLog, after = 0) => [...log.read(after)].map(({ seq }) => seq);

const KEEP_ALL = { maxEvents: Infinity, maxAgeMs: Infinity, maxBytes: Infinity };

/** @param use passes the suite an empty log, and `reopen`, which returns the same log as after a restart */
export function judgeEventLog(
  name: string,
  use: (judge: (log: EventLog, reopen: () => EventLog) => void) => Promise<void>,
): void {
  describe(`${name} keeps the log's contract`, () => {
    it("[C2] is at 0.0 and empty before its first event", () =>
      use((log) => {
        expect(log.cursor).toEqual({ epoch: "0", seq: 0 });
        expect([log.oldest, log.oldestMs, log.bornMs, log.lastMs]).toEqual([1, null, null, null]);
        expect(seqs(log)).toEqual([]);
        expect(log.trim(KEEP_ALL, 0)).toBe(0);
      }));

    it("[L2] moves its cursor by what was appended, and reads it in order", () =>
      use((log) => {
        log.append([logged(1)], "abc", 1_000);
        log.append([logged(2), logged(3)], "abc", 2_000);
        expect(log.cursor).toEqual({ epoch: "abc", seq: 3 });
        expect([log.oldest, log.oldestMs, log.bornMs, log.lastMs]).toEqual([1, 1_000, 1_000, 2_000]);
        expect([...log.read(0)]).toEqual(run(1, 3).map(withoutKey));
      }));

    it("reads the events after a seq, as far as they are consumed", () =>
      use((log) => {
        log.append(run(1, 5), "abc", 1_000);
        expect(seqs(log, 2)).toEqual([3, 4, 5]);
        expect(seqs(log, 5)).toEqual([]);
        for (const { seq } of log.read(0)) if (seq === 2) break;
        log.append([logged(6)], "abc", 1_000);
        expect(seqs(log, 4)).toEqual([5, 6]);
      }));

    it("[L4] is the same after a restart", () =>
      use((log, reopen) => {
        log.append([logged(1), logged(2)], "abc", 1_000);
        log.append([logged(3)], "abc", 2_000);
        const { cursor, oldest, oldestMs, bornMs, lastMs } = reopen();
        expect({ cursor, oldest, oldestMs, bornMs, lastMs }).toEqual({
          cursor: { epoch: "abc", seq: 3 },
          oldest: 1,
          oldestMs: 1_000,
          bornMs: 1_000,
          lastMs: 2_000,
        });
        expect([...reopen().read(0)]).toEqual(run(1, 3).map(withoutKey));
      }));

    it("[L3] stores nothing of a batch with an event that fails, and continues as if it had not been appended", () =>
      use((log, reopen) => {
        log.append([logged(1)], "abc", 1_000);
        const before = counted(log);
        expect(() => log.append([logged(2, "b"), logged(1, "b")], "abc", 2_000)).toThrow();
        expect(counted(log)).toEqual(before);
        for (const each of [log, reopen()]) {
          expect(each.cursor).toEqual({ epoch: "abc", seq: 1 });
          expect(each.lastMs).toBe(1_000);
          expect(seqs(each)).toEqual([1]);
        }
        log.append([logged(2)], "abc", 3_000);
        expect(log.cursor.seq).toBe(2);
      }));

    it("[L5] has no epoch after a failed first append", () =>
      use((log, reopen) => {
        expect(() => log.append([logged(1), logged(1)], "abc", 1_000)).toThrow();
        for (const each of [log, reopen()]) expect([each.cursor.epoch, each.oldestMs]).toEqual(["0", null]);
        log.append([logged(1)], "def", 2_000);
        expect(reopen().cursor).toEqual({ epoch: "def", seq: 1 });
      }));

    it("[L9] counts events by type, and the bytes that are kept", () =>
      use((log, reopen) => {
        log.append([logged(1, "a"), logged(2, "b")], "abc", 1_000);
        log.append([logged(3, "a")], "abc", 2_000);
        for (const each of [log, reopen()]) {
          expect(counted(each)).toMatchObject({ byType: { a: 2, b: 1 }, bytes: 27 });
          expect(each.usage.rowsWritten).toBeGreaterThanOrEqual(3);
        }
      }));

    it("[L9] counts types with the names of object members", () =>
      use((log, reopen) => {
        for (const seq of [1, 3]) log.append([logged(seq, "__proto__"), logged(seq + 1, "constructor")], "abc", 1_000);
        for (const each of [log, reopen()]) {
          expect([...each.usage.byType]).toEqual([
            ["__proto__", 2],
            ["constructor", 2],
          ]);
        }
        log.trim({ ...KEEP_ALL, maxEvents: 0 }, 1_000);
        expect([...reopen().usage.byType.keys()]).toEqual(["__proto__", "constructor"]);
      }));

    it.each([
      ["number", { maxEvents: 3 }, 8],
      ["age", { maxAgeMs: 500 }, 6],
      ["size", { maxBytes: 20 }, 9],
    ])("[L7] deletes the oldest by %s, and continues after them", (_, limit, oldest) =>
      use((log, reopen) => {
        log.append(run(1, 5), "abc", 1_000);
        log.append(run(6, 10), "abc", 1_400);
        expect(log.trim({ ...KEEP_ALL, ...limit }, 1_500)).toBe(oldest - 1);
        for (const each of [log, reopen()]) {
          expect(each.oldest).toBe(oldest);
          expect([each.oldestMs, each.lastMs]).toEqual([1_400, 1_400]);
          expect(seqs(each)).toEqual(run(oldest, 10).map(({ seq }) => seq));
          expect(counted(each).byType).toEqual({ news_processed: 10 });
          expect(each.usage.bytes).toBe(run(oldest, 10).reduce((sum, { bytes }) => sum + bytes, 0));
        }
        log.append([logged(11)], "abc", 2_000);
        expect(reopen().cursor.seq).toBe(11);
      }),
    );

    it("[L7] keeps its head when it keeps nothing else", () =>
      use((log, reopen) => {
        log.append(run(1, 5), "abc", 1_000);
        expect(log.trim({ ...KEEP_ALL, maxAgeMs: 0 }, 1_000)).toBe(5);
        for (const each of [log, reopen()]) {
          expect(each.cursor).toEqual({ epoch: "abc", seq: 5 });
          expect([each.oldest, each.oldestMs, each.bornMs, each.lastMs]).toEqual([6, null, 1_000, 1_000]);
          expect(each.usage.bytes).toBe(0);
          expect(seqs(each)).toEqual([]);
        }
        log.append([logged(6)], "abc", 3_000);
        expect([reopen().oldest, reopen().oldestMs, reopen().bornMs]).toEqual([6, 3_000, 1_000]);
      }));

    it("[L7] deletes no more than TRIM_STEP events in one step", () =>
      use((log) => {
        for (let n = 0; n < 3; n++) log.append(run(n * 1_000 + 1, (n + 1) * 1_000), "abc", 1_000);
        expect(log.trim({ ...KEEP_ALL, maxEvents: 10 }, 1_000)).toBe(TRIM_STEP);
        expect(log.oldest).toBe(TRIM_STEP + 1);
        expect(log.trim({ ...KEEP_ALL, maxEvents: 10 }, 1_000)).toBe(990);
        expect(log.trim({ ...KEEP_ALL, maxEvents: 10 }, 1_000)).toBe(0);
      }));

    it("[I1] [I4] finds an event by its key, as long as it is kept, and its content", () =>
      use((log, reopen) => {
        expect(log.findKey("k1", 0)).toBeUndefined();
        log.append([named(1, "k1"), logged(2), named(3, "k3")], "abc", 1_000);
        for (const each of [log, reopen()]) {
          const known = each.findKey("k3", 1_000 + 60 * MINUTE_MS);
          expect(known?.seq).toBe(3);
          expect(known?.is(contentIn(named(3, "k3").event))).toBe(true);
          expect(known?.is(contentIn(named(4, "k3").event))).toBe(false);
          expect(each.findKey("k2", 1_000)).toBeUndefined();
        }
      }));

    it("[I4] finds a deleted event for ten minutes after its append", () =>
      use((log, reopen) => {
        log.append([named(1, "k1"), named(2, "k2"), logged(3)], "abc", 1_000);
        log.trim({ ...KEEP_ALL, maxEvents: 1 }, 2_000);
        for (const each of [log, reopen()]) {
          expect(seqs(each)).toEqual([3]);
          const known = each.findKey("k2", 1_000 + 10 * MINUTE_MS - 1);
          expect(known?.seq).toBe(2);
          expect(known?.is(contentIn(named(2, "k2").event))).toBe(true);
          expect(known?.is(contentIn(named(1, "k2").event))).toBe(false);
          expect(each.findKey("k2", 1_000 + 10 * MINUTE_MS)).toBeUndefined();
        }
        log.append([named(4, "k2")], "abc", 1_000 + 11 * MINUTE_MS); // a new event, eleven minutes later
        log.trim({ ...KEEP_ALL, maxEvents: 0 }, 1_000 + 11 * MINUTE_MS);
        expect(reopen().findKey("k2", 1_000 + 12 * MINUTE_MS)?.seq).toBe(4);
        expect(reopen().findKey("k1", 1_000 + 12 * MINUTE_MS)).toBeUndefined();
      }));

    it("[L9] counts the same whether it was reopened after every append or never", () =>
      use((log, reopen) => {
        let each = log;
        for (let seq = 1; seq <= 2_500; seq += 50) {
          each.append(run(seq, seq + 49), "abc", seq);
          if (seq % 500 === 1) each = reopen();
        }
        expect(counted(each).byType).toEqual({ news_processed: 2_500 });
        expect(counted(reopen()).byType).toEqual({ news_processed: 2_500 });
        expect(reopen().usage.bytes).toBe(each.usage.bytes);
      }));
  });
}
