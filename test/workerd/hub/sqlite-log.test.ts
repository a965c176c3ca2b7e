import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { migrate } from "../../../src/hub/storage/migrations.ts";
import { SqliteLog } from "../../../src/hub/storage/sqlite-log.ts";
import { judgeEventLog } from "../../contracts/event-log.ts";

let used = 0;

function inFreshObject<T>(run: (storage: DurableObjectStorage) => T): Promise<T> {
  return runInDurableObject(env.HUB.getByName(`log-${used++}`), (_, { storage }) => run(storage));
}

let epochs = 0;
const open = (storage: DurableObjectStorage, generation = "0") =>
  new SqliteLog(storage, generation, () => `fresh${++epochs}`);
const logged = (seq: number) => ({ seq, type: "a", event: "{}", bytes: 2, key: null });

/** Rows that were changed since the database was opened, as SQLite counts them. */
const changes = ({ sql }: DurableObjectStorage) => sql.exec<{ n: number }>("SELECT total_changes() AS n").one().n;

judgeEventLog("SqliteLog", (judge) => inFreshObject((storage) => judge(open(storage), () => open(storage))));

it("[L5] creates no table when it is read", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    expect([...log.read(0)]).toEqual([]);
    log.writeUsage();
    const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('log', 'events')").toArray();
    expect(tables).toEqual([]);
  }));

it("[L9] writes one row per event", () =>
  inFreshObject((storage) => {
    const log = open(storage);
    log.append([logged(1)], "abc", 1);
    const before = changes(storage);
    for (let seq = 2; seq <= 101; seq++) log.append([logged(seq)], "abc", 2);
    expect(changes(storage) - before).toBe(100);
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
    expect(changes(storage) - before).toBe(2);
    expect(open(storage).usage).toMatchObject({ rowsWritten: 5, request20ths: 41, wakes: 2 });
  }));

it("[L8] continues under a fresh epoch, with its events, when the generation has changed", () =>
  inFreshObject((storage) => {
    open(storage, "1").append([logged(1), logged(2)], "abc", 1);
    expect(open(storage, "1").cursor).toEqual({ epoch: "abc", seq: 2 });
    const { epoch } = open(storage, "2").cursor;
    expect(epoch).toMatch(/^fresh/);
    const after = open(storage, "2");
    expect(after.cursor).toEqual({ epoch, seq: 2 });
    expect([...after.read(0)].map(({ seq }) => seq)).toEqual([1, 2]);
    after.append([logged(3)], epoch, 2);
    expect(open(storage, "2").cursor).toEqual({ epoch, seq: 3 });
  }));

it("[L9] persists its counters after 1,000 events, and so has at most that many to count at a wake", () =>
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

it("[L4] opens after a failed migration as if it had not begun", () =>
  inFreshObject((storage) => {
    const { sql } = storage;
    migrate(sql, 1);
    sql.exec("INSERT INTO log (one, version, epoch, born_ms) VALUES (1, 1, 'abc', 5)");
    sql.exec("INSERT INTO events (seq, at_ms, type, event) VALUES (1, 5, 'a', '{}')");
    sql.exec("CREATE TRIGGER full BEFORE UPDATE ON events BEGIN SELECT RAISE(FAIL, 'full'); END");
    expect(() => open(storage)).toThrow("full");
    sql.exec("DROP TRIGGER full");
    expect(open(storage).cursor).toEqual({ epoch: "abc", seq: 1 });
  }));
