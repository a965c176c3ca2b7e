// The contract of the event log. Each implementation runs it from a test file of its own.
import { describe, expect, it } from "vitest";
import type { EventLog } from "../../src/core/log/event-log.ts";
import { keyOf } from "../../src/core/log/fingerprint.ts";
import type { AppendedEvent } from "../../src/core/log/logged-event.ts";
import { TRIM_STEP } from "../../src/core/log/retention.ts";
import type { TypeFilter } from "../../src/core/log/slice.ts";
import { eventsIn } from "../support/stamped.ts";

const logged = (seq: number, type = "news_processed"): AppendedEvent => {
  const event = `{"type":"${type}","seq":${seq}}`;
  return { seq, type, event, bytes: event.length, key: null };
};
/** As large as an event is that fills a segment alone. */
const large = (seq: number, type = "large"): AppendedEvent => {
  const event = `{"type":"${type}","data":"${"é".repeat(40_000)}","seq":${seq}}`;
  return { seq, type, event, bytes: Buffer.byteLength(event), key: null };
};
const LARGE_BYTES = large(1).bytes;
const MINUTE_MS = 60_000;

/** An event to which its publisher gave an id. */
const named = (seq: number, id: string, data = String(seq)): AppendedEvent => {
  const event = `{"type":"a","data":${data},"source":"s","timestamp":"","id":"${id}","seq":${seq}}`;
  return { seq, type: "a", event, bytes: event.length, key: keyOf({ source: "s", id }) };
};
const keyFor = (id: string) => keyOf({ source: "s", id }) ?? "";
const contentOf = (data: string) => ({ type: "a", data });
const run = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => logged(from + n));
const withoutKey = ({ key: _, ...event }: AppendedEvent) => event;

/** A copy of the counters: a log changes them in place. */
const counted = ({ usage }: EventLog) => ({ ...usage, byType: Object.fromEntries(usage.byType) });
const seqs = (log: EventLog, after = 0) => eventsIn(log, after).map(({ seq }) => seq);
const only =
  (...types: readonly string[]): TypeFilter =>
  (type) =>
    types.includes(type);

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
        expect([log.oldest, log.oldestPiece, log.bornMs, log.lastMs]).toEqual([1, null, null, null]);
        expect(seqs(log)).toEqual([]);
        expect(log.trim(KEEP_ALL, 0)).toBe(0);
      }));

    it("[L2] moves its cursor by what was appended, and reads it in order", () =>
      use((log) => {
        log.append([logged(1)], "abc", 1_000);
        log.append([logged(2), logged(3)], "abc", 2_000);
        expect(log.cursor).toEqual({ epoch: "abc", seq: 3 });
        expect([log.oldest, log.bornMs, log.lastMs]).toEqual([1, 1_000, 2_000]);
        expect(eventsIn(log)).toEqual(run(1, 3).map(withoutKey));
      }));

    it("reads the events after a seq, as far as they are consumed", () =>
      use((log) => {
        log.append(run(1, 5), "abc", 1_000);
        expect(seqs(log, 2)).toEqual([3, 4, 5]);
        expect(seqs(log, 5)).toEqual([]);
        for (const { to } of log.read(0, null)) if (to >= 2) break;
        log.append([logged(6)], "abc", 1_000);
        expect(seqs(log, 4)).toEqual([5, 6]);
      }));

    it("[L4] is the same after a restart", () =>
      use((log, reopen) => {
        log.append([logged(1), logged(2)], "abc", 1_000);
        log.append([logged(3)], "abc", 2_000);
        const { cursor, oldest, oldestPiece, bornMs, lastMs } = reopen();
        expect({ cursor, oldest, bornMs, lastMs }).toEqual({
          cursor: { epoch: "abc", seq: 3 },
          oldest: 1,
          bornMs: 1_000,
          lastMs: 2_000,
        });
        expect(oldestPiece).toEqual(log.oldestPiece);
        expect(eventsIn(reopen())).toEqual(run(1, 3).map(withoutKey));
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
        for (const each of [log, reopen()]) expect([each.cursor.epoch, each.oldestPiece]).toEqual(["0", null]);
        log.append([logged(1)], "def", 2_000);
        expect(reopen().cursor).toEqual({ epoch: "def", seq: 1 });
      }));

    it("[L9] counts events by type, and the bytes that are kept", () =>
      use((log, reopen) => {
        log.append([logged(1, "a"), logged(2, "b")], "abc", 1_000);
        log.append([logged(3, "a")], "abc", 2_000);
        for (const each of [log, reopen()]) {
          expect(counted(each)).toMatchObject({ byType: { a: 2, b: 1 }, bytes: 60 });
          expect(each.usage.rowsWritten).toBeGreaterThanOrEqual(2);
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
      ["number", { maxEvents: 3 }, 3, 2],
      ["age", { maxAgeMs: 500 }, 2, 2],
      ["size", { maxBytes: 3 * LARGE_BYTES }, 3, 2],
    ])("[L7] lets the oldest go by %s, a segment at a time, and goes on behind them", (_, limit, least, oldest) =>
      use((log, reopen) => {
        log.append([large(1)], "abc", 1_000);
        for (const seq of [2, 3, 4]) log.append([large(seq)], "abc", 1_400);
        expect(log.trim({ ...KEEP_ALL, ...limit }, 1_500)).toBe(oldest - 1);
        expect(4 + 1 - log.oldest).toBeGreaterThanOrEqual(least);
        for (const each of [log, reopen()]) {
          expect(each.oldest).toBe(oldest);
          expect([each.oldestPiece?.lastMs, each.lastMs]).toEqual([1_400, 1_400]);
          expect(seqs(each)).toEqual([2, 3, 4]);
          expect(counted(each).byType).toEqual({ large: 4 });
          expect(each.usage.bytes).toBe(3 * LARGE_BYTES);
        }
        log.append([logged(5)], "abc", 2_000);
        expect(reopen().cursor.seq).toBe(5);
      }),
    );

    it("[L7] deletes small events together, and keeps at least as many as it promises", () =>
      use((log, reopen) => {
        for (let seq = 1; seq <= 400; seq++) log.append([logged(seq)], "abc", 1_000);
        let gone = 0;
        for (let deleted = -1; deleted !== 0; gone += deleted) {
          deleted = log.trim({ ...KEEP_ALL, maxEvents: 100 }, 1_000);
        }
        for (const each of [log, reopen()]) {
          expect(each.oldest).toBe(gone + 1);
          expect(seqs(each)).toEqual(run(gone + 1, 400).map(({ seq }) => seq));
          expect(400 - gone).toBeGreaterThanOrEqual(100);
          expect(400 - gone).toBeLessThan(100 + 120); // what one page of SQLite holds of these
          expect(each.usage.bytes).toBe(run(gone + 1, 400).reduce((sum, { bytes }) => sum + bytes, 0));
        }
      }));

    it("[L7] [A4] deletes the oldest when its newest time is over, also where the clock was set back in between", () =>
      use((log, reopen) => {
        log.append([logged(1)], "abc", 5_000);
        log.append([logged(2)], "abc", 1_000);
        expect([log.oldestPiece?.lastMs, reopen().oldestPiece?.lastMs]).toEqual([5_000, 5_000]); // an alarm that is set for less deletes nothing
        expect(log.trim({ ...KEEP_ALL, maxAgeMs: 100 }, 5_099)).toBe(0);
        expect(log.trim({ ...KEEP_ALL, maxAgeMs: 100 }, 5_100)).toBe(2);
      }));

    it("[L7] keeps its head when it keeps nothing else", () =>
      use((log, reopen) => {
        log.append(run(1, 5), "abc", 1_000);
        expect(log.trim({ ...KEEP_ALL, maxAgeMs: 0 }, 1_000)).toBe(5);
        for (const each of [log, reopen()]) {
          expect(each.cursor).toEqual({ epoch: "abc", seq: 5 });
          expect([each.oldest, each.oldestPiece, each.bornMs, each.lastMs]).toEqual([6, null, 1_000, 1_000]);
          expect(each.usage.bytes).toBe(0);
          expect(seqs(each)).toEqual([]);
        }
        log.append([logged(6)], "abc", 3_000);
        expect([reopen().oldest, reopen().oldestPiece?.lastMs, reopen().bornMs]).toEqual([6, 3_000, 1_000]);
      }));

    it("[L7] deletes no more than TRIM_STEP events in one step", () =>
      use((log) => {
        for (let n = 0; n < 6; n++) log.append(run(n * 500 + 1, (n + 1) * 500), "abc", 1_000);
        const kept = { ...KEEP_ALL, maxEvents: 500 };
        const steps = [log.trim(kept, 1_000), log.trim(kept, 1_000), log.trim(kept, 1_000)];
        expect(steps).toEqual([TRIM_STEP, 500, 0]);
        expect(log.oldest).toBe(2_501);
      }));

    it("[C3] reads only what is wanted, and covers all the rest", () =>
      use((log, reopen) => {
        log.append([...run(1, 3), logged(4, "a"), logged(5)], "abc", 1_000);
        log.append([large(6)], "abc", 1_000);
        for (let seq = 7; seq <= 300; seq++) log.append([logged(seq, seq % 50 === 0 ? "a" : "b")], "abc", 1_000);
        for (const each of [log, reopen()]) {
          const slices = [...each.read(2, only("a", "large"))];
          expect(slices.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([
            4, 6, 50, 100, 150, 200, 250, 300,
          ]);
          let next = 3;
          for (const { from, to } of slices) {
            expect(from).toBe(next);
            next = to + 1;
          }
          expect(next).toBe(301);
          expect([...each.read(2, only("none"))].flatMap(({ events }) => events)).toEqual([]);
          expect([...each.read(300, null)]).toEqual([]);
          expect([...each.read(999, null)]).toEqual([]);
        }
      }));

    it("[C3] reads backwards what it reads forwards", () =>
      use((log, reopen) => {
        for (let seq = 1; seq <= 300; seq++) log.append([logged(seq, seq % 7 === 0 ? "a" : "b")], "abc", 1_000);
        log.append(run(301, 320), "abc", 1_000);
        for (const each of [log, reopen()]) {
          for (const wanted of [null, only("a"), only("none")]) {
            for (const before of [1, 2, 150, 310, 321, 900]) {
              const backwards = [...each.readBackwards(before, wanted)];
              const events = backwards.toReversed().flatMap((slice) => slice.events);
              const forwards = [...each.read(0, wanted)].flatMap((slice) => slice.events);
              expect(events).toEqual(forwards.filter(({ seq }) => seq < before));
              let last = Math.min(before - 1, 320);
              for (const { from, to } of backwards) {
                expect(to).toBe(last);
                last = from - 1;
              }
              expect(last).toBe(0);
            }
          }
        }
      }));

    it("[I1] [I4] finds an event by its key as long as it is kept, and compares contents by value", () =>
      use((log, reopen) => {
        expect(log.findKey(keyFor("k1"), 0)).toBeUndefined();
        log.append([named(1, "k1"), logged(2), named(3, "k3", '{"a":1.0,"b":[-0]}')], "abc", 1_000);
        log.append([named(4, "k4")], "abc", 1_000);
        for (const each of [log, reopen()]) {
          const known = each.findKey(keyFor("k3"), 1_000 + 60 * MINUTE_MS);
          expect(known?.seq).toBe(3);
          expect(known?.is(contentOf('{"b":[0],"a":10e-1}'))).toBe(true);
          expect(known?.is(contentOf('{"b":[0],"a":1.0000000000000000001}'))).toBe(false);
          expect(known?.is({ ...contentOf('{"a":1.0,"b":[-0]}'), type: "b" })).toBe(false);
          expect(each.findKey(keyFor("k4"), 1_000)?.seq).toBe(4);
          expect(each.findKey(keyFor("k2"), 1_000)).toBeUndefined();
        }
      }));

    it("[I4] finds for ten minutes what was deleted before", () =>
      use((log, reopen) => {
        log.append([named(1, "k1"), named(2, "k2", '{"a":[1,2]}'), logged(3)], "abc", 1_000);
        log.append([large(4)], "abc", 1_000);
        log.trim({ ...KEEP_ALL, maxEvents: 1 }, 2_000);
        for (const each of [log, reopen()]) {
          expect(seqs(each)).toEqual([4]);
          const known = each.findKey(keyFor("k2"), 1_000 + 10 * MINUTE_MS - 1);
          expect(known?.seq).toBe(2);
          expect(known?.is(contentOf('{"a":[1e0,2]}'))).toBe(true);
          expect(known?.is(contentOf('{"a":[2,1]}'))).toBe(false);
          expect(each.findKey(keyFor("k2"), 1_000 + 10 * MINUTE_MS)).toBeUndefined();
        }
        log.append([named(5, "k2")], "abc", 1_000 + 11 * MINUTE_MS); // of another time
        log.trim({ ...KEEP_ALL, maxEvents: 0 }, 1_000 + 11 * MINUTE_MS);
        expect(reopen().findKey(keyFor("k2"), 1_000 + 12 * MINUTE_MS)?.seq).toBe(5);
        expect(reopen().findKey(keyFor("k1"), 1_000 + 12 * MINUTE_MS)).toBeUndefined();
      }));

    it("[X1] takes an event out: its seq stays, its neighbours are as they were, and slices cover it", () =>
      use((log, reopen) => {
        log.append([logged(1), named(2, "k2", '"é secret"'), logged(3)], "abc", 1_000);
        for (const seq of [4, 5]) log.append([logged(seq, "a")], "abc", 1_000);
        log.append([large(6)], "abc", 1_000);
        const before = counted(log);
        const secret = eventsIn(log, 1)[0]?.event ?? "";
        expect([log.remove(2), log.remove(5), log.remove(6)]).toEqual(["a", "a", "large"]);
        for (const each of [log, reopen()]) {
          expect(seqs(each)).toEqual([1, 3, 4]);
          expect(seqs(each, 2)).toEqual([3, 4]);
          expect([...each.readBackwards(4, null)].flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([
            1, 3,
          ]);
          expect([...each.read(0, only("reactor_removed"))].flatMap(({ events }) => events)).toEqual([]);
          expect([...each.read(0, () => true)].flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([
            1, 3, 4,
          ]);
          expect([...each.read(0, null)].at(-1)?.to).toBe(6);
          expect(JSON.stringify(eventsIn(each))).not.toContain("secret");
          expect(each.cursor).toEqual({ epoch: "abc", seq: 6 });
          expect(each.oldest).toBe(1);
          expect(counted(each).byType).toEqual(before.byType);
          expect(each.usage.bytes).toBeLessThan(before.bytes - LARGE_BYTES - secret.length + 300);
        }
        expect(reopen().usage.bytes).toBe(log.usage.bytes);
        log.append([logged(7)], "abc", 1_000);
        expect(seqs(reopen(), 4)).toEqual([7]);
      }));

    it("[X5] takes out nothing twice, and nothing that is not there", () =>
      use((log, reopen) => {
        expect(log.remove(1)).toBeUndefined();
        log.append([named(1, "k1"), logged(2)], "abc", 1_000);
        expect(log.remove(1)).toBe("a");
        const { bytes } = log.usage;
        for (const each of [log, reopen()]) {
          for (const seq of [0, 1, 3]) expect(each.remove(seq)).toBeUndefined();
          expect(each.usage.bytes).toBe(bytes);
        }
      }));

    it("[X2] goes on finding what was taken out by its key, and recognises its content", () =>
      use((log, reopen) => {
        log.append([named(1, "k1", '{"a":1.0}'), logged(2), large(3)], "abc", 1_000);
        log.remove(1);
        const laterMs = 1_000 + 60 * MINUTE_MS;
        for (const each of [log, reopen()]) {
          const known = each.findKey(keyFor("k1"), laterMs);
          expect(known?.seq).toBe(1);
          expect(known?.is(contentOf('{"a":1}'))).toBe(true);
          expect(known?.is(contentOf('{"a":2}'))).toBe(false);
          expect(each.findKey(keyFor("k2"), laterMs)).toBeUndefined();
        }
        log.trim({ ...KEEP_ALL, maxEvents: 1 }, 2_000);
        for (const each of [log, reopen()]) {
          expect(each.oldest).toBe(3);
          const known = each.findKey(keyFor("k1"), 1_000 + 10 * MINUTE_MS - 1);
          expect([known?.seq, known?.is(contentOf('{"a":1}')), known?.is(contentOf('{"a":2}'))]).toEqual([
            1,
            true,
            false,
          ]);
          expect(each.findKey(keyFor("k1"), 1_000 + 10 * MINUTE_MS)).toBeUndefined();
        }
      }));

    it("[L9] [X1] counts bytes the same after a restart, whatever was taken out and deleted", () =>
      use((log, reopen) => {
        for (let seq = 1; seq <= 300; seq++) log.append([logged(seq)], "abc", 1_000);
        log.append([large(301)], "abc", 1_000);
        log.append([large(302), logged(303)], "abc", 1_000);
        for (const seq of [2, 150, 299, 301]) log.remove(seq);
        expect(reopen().usage.bytes).toBe(log.usage.bytes);
        log.trim({ ...KEEP_ALL, maxEvents: 100 }, 1_000);
        expect(reopen().usage.bytes).toBe(log.usage.bytes);
        while (log.removeBefore(303, 1_000) > 0);
        expect(reopen().usage.bytes).toBe(log.usage.bytes);
        expect(log.usage.bytes).toBeLessThan(LARGE_BYTES);
        while (log.removeBefore(304, 1_000) > 0);
        expect([log.usage.bytes, reopen().usage.bytes]).toEqual([0, 0]);
      }));

    it("[X4] takes out what is below a seq, also in the middle of what is stored together, and keeps the rest", () =>
      use((log, reopen) => {
        log.append([named(1, "k1", '"secret"'), ...run(2, 5)], "abc", 1_000);
        for (let seq = 6; seq <= 2_600; seq++) log.append([logged(seq)], "abc", 1_000);
        expect(log.removeBefore(1, 1_000)).toBe(0);
        expect(log.removeBefore(3, 1_000)).toBe(2);
        for (const each of [log, reopen()]) {
          expect(each.oldest).toBe(3);
          expect(seqs(each).slice(0, 2)).toEqual([3, 4]);
          expect(each.findKey(keyFor("k1"), 2_000)?.is(contentOf('"secret"'))).toBe(true);
          expect(each.findKey(keyFor("k1"), 1_000 + 10 * MINUTE_MS)).toBeUndefined();
          expect(each.remove(2)).toBeUndefined();
        }
        let gone = 0;
        for (let count = -1; count !== 0; gone += count) count = log.removeBefore(2_590, 1_000);
        expect(gone).toBe(2_587);
        for (const each of [log, reopen()])
          expect([each.oldest, seqs(each)[0], seqs(each).length]).toEqual([2_590, 2_590, 11]);
        while (log.removeBefore(9_999, 1_000) > 0);
        for (const each of [log, reopen()]) {
          expect([each.oldest, each.cursor.seq, each.oldestPiece]).toEqual([2_601, 2_600, null]);
          expect(seqs(each)).toEqual([]);
        }
        log.append([logged(2_601)], "abc", 2_000);
        expect(seqs(reopen())).toEqual([2_601]);
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
