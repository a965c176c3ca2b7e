// What every body of the log's contract must do. Each runs it from a test file of its own.
import { describe, expect, it } from "vitest";
import type { EventLog, LoggedEvent } from "../../src/core/log.ts";

const logged = (seq: number): LoggedEvent => ({ seq, type: "news_processed", event: `{"seq":${seq}}` });

/** @param use hands the suite a log that nobody has used, and `reopen`, which gives the same log as after a restart */
export function judgeEventLog(
  name: string,
  use: (judge: (log: EventLog, reopen: () => EventLog) => void) => Promise<void>,
): void {
  describe(`${name} keeps the log's contract`, () => {
    it("[C2] stands at 0.0 and holds nothing before its birth", () =>
      use((log) => {
        expect(log.cursor).toEqual({ epoch: "0", seq: 0 });
        expect([log.bornMs, log.lastMs]).toEqual([null, null]);
        expect(log.read(0, 10)).toEqual([]);
      }));

    it("[L2] moves its cursor by what was appended, and reads it in order", () =>
      use((log) => {
        log.append([logged(1)], "abc", 1_000);
        log.append([logged(2), logged(3)], "abc", 2_000);
        expect(log.cursor).toEqual({ epoch: "abc", seq: 3 });
        expect([log.bornMs, log.lastMs]).toEqual([1_000, 2_000]);
        expect(log.read(0, 10)).toEqual([logged(1), logged(2), logged(3)]);
      }));

    it("reads what lies behind a place, at most as many as asked for", () =>
      use((log) => {
        log.append([1, 2, 3, 4, 5].map(logged), "abc", 1_000);
        expect(log.read(2, 2)).toEqual([logged(3), logged(4)]);
        expect(log.read(5, 2)).toEqual([]);
      }));

    it("[L4] is the same after a restart", () =>
      use((log, reopen) => {
        log.append([logged(1), logged(2)], "abc", 1_000);
        log.append([logged(3)], "abc", 2_000);
        const { cursor, bornMs, lastMs } = reopen();
        expect({ cursor, bornMs, lastMs }).toEqual({ cursor: { epoch: "abc", seq: 3 }, bornMs: 1_000, lastMs: 2_000 });
        expect(reopen().read(0, 10)).toEqual([logged(1), logged(2), logged(3)]);
      }));

    it("[L3] takes none of a batch of which it cannot take one, and goes on as if nothing had been", () =>
      use((log, reopen) => {
        log.append([logged(1)], "abc", 1_000);
        expect(() => log.append([logged(2), logged(1)], "abc", 2_000)).toThrow();
        for (const each of [log, reopen()]) {
          expect(each.cursor).toEqual({ epoch: "abc", seq: 1 });
          expect(each.lastMs).toBe(1_000);
          expect(each.read(0, 10)).toEqual([logged(1)]);
        }
        log.append([logged(2)], "abc", 3_000);
        expect(log.cursor.seq).toBe(2);
      }));

    it("[L5] is not born by an append that fails", () =>
      use((log, reopen) => {
        expect(() => log.append([logged(1), logged(1)], "abc", 1_000)).toThrow();
        expect(log.cursor.epoch).toBe("0");
        expect(reopen().cursor.epoch).toBe("0");
        log.append([logged(1)], "def", 2_000);
        expect(reopen().cursor).toEqual({ epoch: "def", seq: 1 });
      }));
  });
}
