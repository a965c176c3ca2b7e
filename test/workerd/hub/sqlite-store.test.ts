import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { AppendedEvent } from "../../../src/core/log/logged-event.ts";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { SqliteStore } from "../../../src/hub/storage/sqlite-store.ts";
import { judgeEventLog } from "../../contracts/event-log.ts";
import { eventsIn } from "../../support/stamped.ts";

let used = 0;

function inFreshObject<T>(run: (storage: DurableObjectStorage) => T): Promise<T> {
  return runInDurableObject(env.HUB.getByName(`log-${used++}`), (_, { storage }) => run(storage));
}

let epochs = 0;
const open = (storage: DurableObjectStorage, generation = "0") =>
  new SegmentLog(new SqliteStore(storage, (sentence) => expect.fail(sentence)), {
    generation,
    freshEpoch: () => `fresh${++epochs}`,
  });
const logged = (seq: number, data = 0): AppendedEvent => {
  const event = `{"type":"a","data":${data},"seq":${seq}}`;
  return { seq, type: "a", event, bytes: event.length, key: null };
};

/** Rows that were changed since the database was opened, as SQLite counts them. */
const changes = ({ sql }: DurableObjectStorage) => sql.exec<{ n: number }>("SELECT total_changes() AS n").one().n;

judgeEventLog("SegmentLog over SQLite", (judge) =>
  inFreshObject((storage) => judge(open(storage), () => open(storage))),
);

it("[L5] creates no table by being looked at", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    expect(eventsIn(log)).toEqual([]);
    log.writeUsage();
    const tables = storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name IN ('log', 'segments', 'key_values')")
      .toArray();
    expect(tables).toEqual([]);
  }));

it("[L1] [L5] begins the log with a later event where the first could not be written", () =>
  inFreshObject((storage) => {
    let isFull = true;
    const sql = new Proxy(storage.sql, {
      get: (of, name) =>
        name === "exec"
          ? (query: string, ...bindings: unknown[]) => {
              if (isFull && query.startsWith("INSERT INTO segments")) throw new Error("The disk is full.");
              return of.exec(query, ...bindings);
            }
          : Reflect.get(of, name, of),
    });
    const full = { sql, transactionSync: storage.transactionSync.bind(storage) } as DurableObjectStorage;
    const log = open(full);
    expect(() => log.append([logged(1)], "abc", 1)).toThrow("The disk is full.");
    expect([log.cursor, open(storage).cursor]).toEqual([
      { epoch: "0", seq: 0 },
      { epoch: "0", seq: 0 },
    ]);
    isFull = false;
    log.append([logged(1)], "def", 2);
    expect([log.cursor, open(storage).cursor]).toEqual([
      { epoch: "def", seq: 1 },
      { epoch: "def", seq: 1 },
    ]);
  }));

it("[L9] writes one row a commit, however many events it has, and none for their ids", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    log.append([logged(1)], "abc", 1);
    const before = changes(storage);
    for (let seq = 2; seq <= 101; seq++) log.append([{ ...logged(seq), key: `1:s${seq}` }], "abc", 2);
    expect(changes(storage) - before).toBe(100);
    log.append(
      Array.from({ length: 500 }, (_, n) => logged(102 + n)),
      "abc",
      3,
    );
    expect(changes(storage) - before).toBe(101);
  }));

it("[L9] counts the rows that it writes as SQLite does", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    const before = changes(storage);
    for (let seq = 1; seq <= 1_200; seq++) log.append([logged(seq)], "abc", seq);
    log.trim({ maxEvents: 1_000, maxAgeMs: Infinity, maxBytes: Infinity }, 1_200);
    log.writeUsage();
    expect(log.usage.rowsWritten).toBe(changes(storage) - before);
    expect(open(storage).usage.rowsWritten).toBe(log.usage.rowsWritten);
  }));

it("[L9] counts wakes without a row of their own", () =>
  inFreshObject((storage) => {
    for (let seq = 1; seq <= 5; seq++) {
      const log = open(storage);
      expect(log.usage.wakes).toBe(seq);
      log.append([logged(seq)], "abc", seq);
    }
  }));

it("[L9] counts rows besides events, requests and messages without a row of their own, in the next event's", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    log.append([logged(1)], "abc", 1);
    const before = changes(storage);
    log.rowWritten(); // such as an alarm's
    log.requested();
    log.requested();
    log.heard();
    log.append([logged(2), logged(3)], "abc", 2);
    expect(changes(storage) - before).toBe(1);
    expect(open(storage).usage).toMatchObject({ rowsWritten: 4, requests: 2, messages: 1, wakes: 2 });
  }));

it("[L8] goes on under a fresh epoch, with its events, when the generation has changed", () =>
  inFreshObject((storage) => {
    open(storage, "1").append([logged(1), logged(2)], "abc", 1);
    expect(open(storage, "1").cursor).toEqual({ epoch: "abc", seq: 2 });
    const { epoch } = open(storage, "2").cursor;
    expect(epoch).toMatch(/^fresh/);
    const after = open(storage, "2");
    expect(after.cursor).toEqual({ epoch, seq: 2 });
    expect(eventsIn(after).map(({ seq }) => seq)).toEqual([1, 2]);
    after.append([logged(3)], epoch, 2);
    expect(open(storage, "2").cursor).toEqual({ epoch, seq: 3 });
  }));

it("[L9] is to write down what it counted after 1,000 events, and has up to then no more to count at a wake", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    for (let seq = 1; seq <= 999; seq++) log.append([logged(seq)], "abc", seq);
    expect(log.isUsageDue).toBe(false);
    log.append([logged(1_000)], "abc", 1_000);
    expect(log.isUsageDue).toBe(true);
    log.writeUsage(990);
    expect(log.isUsageDue).toBe(false);
    expect([open(storage).flushedSeq, ...open(storage).usage.byType]).toEqual([990, ["a", 1_000]]);
  }));

it("[L9] extends a segment only as far as its row is within one page, and keeps rows far below what Cloudflare takes", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    for (let seq = 1; seq <= 500; seq++) log.append([logged(seq)], "abc", 1);
    const sizes = () => {
      const rows = storage.sql.exec<{ size: number; count: number }>(
        `SELECT octet_length(events) + octet_length(types) + coalesce(octet_length(fingerprints), 0) AS size,
           last_seq - first_seq + 1 AS count FROM segments ORDER BY first_seq`,
      );
      return rows.toArray();
    };
    expect(Math.max(...sizes().map(({ size }) => size))).toBeLessThan(3_900);
    expect(
      Math.min(
        ...sizes()
          .slice(0, -1)
          .map(({ size }) => size),
      ),
    ).toBeGreaterThan(3_600);
    const event = `{"type":"a","data":"${"é".repeat(2_000)}"}`;
    const batch = Array.from({ length: 1_000 }, (_, n) => {
      return { seq: 501 + n, type: `t${n}`, event, bytes: 4_025, key: `1:s${n}` };
    });
    log.append(batch, "abc", 1); // 4 MB
    expect(sizes().reduce((sum, { count }) => sum + count, 0)).toBe(1_500);
    expect(Math.max(...sizes().map(({ size }) => size))).toBeLessThan(70_000);
    log.append([{ seq: 1_501, type: "a", event: "x".repeat(262_144), bytes: 262_144, key: null }], "abc", 1);
    expect(Math.max(...sizes().map(({ size }) => size))).toBeLessThan(300_000);
  }));

it("[L7] reads from inside a segment, where an operator's hand has put the oldest event", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    for (let seq = 1; seq <= 9; seq++) log.append([logged(seq)], "abc", 1);
    storage.sql.exec("UPDATE log SET oldest = 4");
    const again = open(storage);
    expect([again.oldest, eventsIn(again).map(({ seq }) => seq)]).toEqual([4, [4, 5, 6, 7, 8, 9]]);
    expect([...again.readBackwards(9, null)].flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([
      4, 5, 6, 7, 8,
    ]);
    expect(again.trim({ maxEvents: 0, maxAgeMs: Infinity, maxBytes: Infinity }, 1)).toBe(6);
  }));

it("[I4] keeps no more fingerprints in memory than it may, and finds the others in storage", () =>
  inFreshObject((storage) => {
    const log = new SegmentLog(new SqliteStore(storage, () => {}), {
      generation: "0",
      freshEpoch: () => "never",
      maxIndexed: 100,
    });
    const named = (seq: number) => {
      const event = `{"type":"a","data":0,"source":"s","timestamp":"","id":"${seq}","seq":${seq}}`;
      return { seq, type: "a", event, bytes: event.length, key: `1:s${seq}` };
    };
    expect(log.findKey("1:s1", 1)).toBeUndefined();
    for (let seq = 1; seq <= 1_000; seq++) log.append([named(seq)], "abc", 1);
    for (const seq of [1, 500, 930, 1_000]) expect(log.findKey(`1:s${seq}`, 1)?.seq).toBe(seq);
    expect(log.findKey("1:s1001", 1)).toBeUndefined();
  }));
