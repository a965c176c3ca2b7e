import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { isBorn, migrate, VERSION } from "../../../src/hub/storage/migrations.ts";
import { SqliteLog } from "../../../src/hub/storage/sqlite-log.ts";

const inFreshObject = (name: string, run: (storage: DurableObjectStorage) => void) =>
  runInDurableObject(env.HUB.getByName(name), (_, { storage }) => run(storage));

it("migrates an empty database to the newest schema, and leaves a current one unchanged", () =>
  inFreshObject("migrations-empty", ({ sql }) => {
    expect(isBorn(sql)).toBe(false);
    migrate(sql);
    expect(isBorn(sql)).toBe(true);
    sql.exec("INSERT INTO log (one, version, epoch, born_ms) VALUES (1, ?, 'abc', 0)", VERSION);
    const before = sql.exec("SELECT total_changes() AS n").one().n;
    migrate(sql);
    expect(sql.exec("SELECT total_changes() AS n").one().n).toBe(before);
  }));

it("[L4] migrates a log of the first version to the newest schema, with everything in it", () =>
  inFreshObject("migrations-first", (storage) => {
    const { sql } = storage;
    migrate(sql, 1);
    sql.exec("INSERT INTO log (one, version, epoch, born_ms) VALUES (1, 1, 'abc', 5)");
    sql.exec("INSERT INTO events (seq, at_ms, type, event) VALUES (1, 5, 'a', '\"é\"'), (2, 6, 'b', '{}')");
    const log = new SqliteLog(storage, "0", () => "never");
    expect(log.cursor).toEqual({ epoch: "abc", seq: 2 });
    expect([log.oldest, log.oldestMs, log.bornMs, log.lastMs]).toEqual([1, 5, 5, 6]);
    expect([...log.read(0)]).toEqual([
      { seq: 1, type: "a", event: '"é"', bytes: 4 },
      { seq: 2, type: "b", event: "{}", bytes: 2 },
    ]);
    expect([...log.usage.byType]).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(log.usage).toMatchObject({ bytes: 6, wakes: 1, request20ths: 0 });
    expect(sql.exec("SELECT version FROM log").one()).toEqual({ version: VERSION });
  }));

it("[L9] keeps what an earlier version has counted, and starts the counters that it lacked", () =>
  inFreshObject("migrations-third", (storage) => {
    const { sql } = storage;
    migrate(sql, 3);
    sql.exec(
      `INSERT INTO log (one, version, epoch, born_ms, counted_to, bytes, by_type, wakes, rows)
       VALUES (1, 3, 'abc', 5, 1, 2, '{"a":1}', 7, 20)`,
    );
    sql.exec("INSERT INTO events (seq, at_ms, type, event, bytes, woke, rows) VALUES (2, 6, 'b', '{}', 2, 1, 3)");
    const log = new SqliteLog(storage, "0", () => "never");
    expect(log.usage).toMatchObject({ bytes: 4, wakes: 9, rowsWritten: 24, request20ths: 0 });
    log.requested();
    log.append([{ seq: 3, type: "a", event: "{}", bytes: 2, key: null }], "abc", 7);
    expect(new SqliteLog(storage, "0", () => "never").usage).toMatchObject({ rowsWritten: 25, request20ths: 20 });
  }));
