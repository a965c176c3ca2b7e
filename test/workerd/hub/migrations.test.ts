import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { isBorn, migrate, VERSION } from "../../../src/hub/storage/migrations.ts";
import { SqliteStore } from "../../../src/hub/storage/sqlite-store.ts";
import { eventsIn } from "../../support/stamped.ts";

const inFreshObject = (name: string, run: (storage: DurableObjectStorage) => void) =>
  runInDurableObject(env.HUB.getByName(name), (_, { storage }) => run(storage));

const EVENT = { seq: 1, type: "a", event: '{"type":"a"}', bytes: 12, key: null };

it("takes an empty database to the newest schema, and leaves a current one as it is", () =>
  inFreshObject("migrations-empty", (storage) => {
    const { sql } = storage;
    expect(isBorn(sql)).toBe(false);
    new SegmentLog(new SqliteStore(storage, () => {}), { generation: "0", freshEpoch: () => "" }).append(
      [EVENT],
      "abc",
      1,
    );
    expect(isBorn(sql)).toBe(true);
    const before = sql.exec("SELECT total_changes() AS n").one().n;
    migrate(sql);
    expect(sql.exec("SELECT total_changes() AS n").one().n).toBe(before);
  }));

/** As the schema was that had a row an event: commit 1681314. */
const ROW_PER_EVENT = `
  CREATE TABLE log (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, epoch TEXT NOT NULL);
  CREATE TABLE events (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, type TEXT NOT NULL, event TEXT NOT NULL, key TEXT);
  CREATE UNIQUE INDEX events_key ON events (key) WHERE key IS NOT NULL;
  CREATE TABLE remembered (seq INTEGER PRIMARY KEY, key TEXT NOT NULL);
  CREATE UNIQUE INDEX remembered_key ON remembered (key);
  INSERT INTO log VALUES (1, 4, 'old');
  INSERT INTO events VALUES (1, 5, 'a', '{}', 'k');`;

it("[L4] sets a log of the schema before segments aside, with one line, and starts over", () =>
  inFreshObject("migrations-set-aside", (storage) => {
    const { sql } = storage;
    sql.exec(ROW_PER_EVENT);
    const lines: string[] = [];
    const open = () => {
      const store = new SqliteStore(storage, (sentence) => lines.push(sentence));
      return new SegmentLog(store, { generation: "0", freshEpoch: () => "" });
    };
    for (let n = 0; n < 3; n++) expect(open().cursor).toEqual({ epoch: "0", seq: 0 });
    open().append([EVENT], "fresh", 7);
    expect([open().cursor, eventsIn(open())]).toMatchObject([{ epoch: "fresh", seq: 1 }, [{ seq: 1 }]]);
    expect(lines).toEqual([expect.stringContaining("set aside in old_events")]);
    expect(sql.exec("SELECT event FROM old_events").toArray()).toEqual([{ event: "{}" }]);
    expect(sql.exec("SELECT epoch FROM old_log").toArray()).toEqual([{ epoch: "old" }]);
  }));

it("[L4] opens again where setting aside failed half-way, as if it had not begun", () =>
  inFreshObject("migrations-half-way", (storage) => {
    const { sql } = storage;
    sql.exec(ROW_PER_EVENT);
    sql.exec("CREATE TABLE old_log (n INTEGER)"); // the second table cannot take its new name
    expect(() => new SqliteStore(storage, () => {})).toThrow();
    expect(sql.exec("SELECT event FROM events").toArray()).toHaveLength(1);
    sql.exec("DROP TABLE old_log");
    new SqliteStore(storage, () => {});
    expect(sql.exec("SELECT event FROM old_events").toArray()).toHaveLength(1);
  }));

/** A log of the schema of version 1, with an event in it. */
const OF_VERSION_1 = `
  INSERT INTO log VALUES (1, 1, 'abc', '0', 5, 6, 1, 1, '[["a",1]]', 0, 3, 7, 8, 9);
  INSERT INTO segments (first_seq, last_seq, first_ms, last_ms, bytes, total_bytes, wakes, rows_written, requests, messages, types, events)
    VALUES (1, 1, 5, 6, 12, 12, 4, 9, 10, 11, '[["a",1]]', '{"type":"a"}');`;

it("[L4] [L9] opens a log from before sockets were counted, with all that it has, and counts on", () =>
  inFreshObject("migrations-counts", (storage) => {
    const { sql } = storage;
    migrate(sql, 1);
    sql.exec(OF_VERSION_1);
    const open = () =>
      new SegmentLog(new SqliteStore(storage, expect.fail), { generation: "0", freshEpoch: () => "never" });
    const log = open();
    expect([log.cursor, eventsIn(log)]).toMatchObject([{ epoch: "abc", seq: 1 }, [{ seq: 1 }]]);
    const counted = { wakes: 5, rowsWritten: 9, requests: 10, messages: 11, deliveries: 0, tallies: "{}" };
    expect(log.usage).toMatchObject(counted);
    log.usage.counts.delivered(3);
    log.usage.counts.closed(1001);
    log.append([{ ...EVENT, seq: 2 }], "abc", 7); // extends the row from before
    expect(open().usage).toMatchObject({ deliveries: 3, tallies: '{"closes":{"1001":1}}', rowsWritten: 10 });
    expect(sql.exec("SELECT version FROM log").one()).toEqual({ version: VERSION });
  }));

it("[L4] opens a log that the version before has written again, since it was deployed again", () =>
  inFreshObject("migrations-back", (storage) => {
    const open = () =>
      new SegmentLog(new SqliteStore(storage, expect.fail), { generation: "0", freshEpoch: () => "never" });
    const log = open();
    log.usage.counts.delivered(3);
    log.append([EVENT], "abc", 1);
    // As that version has it, in its columns: it knows of no others.
    storage.sql.exec(`INSERT OR REPLACE INTO log (one, version, epoch, generation, born_ms, last_ms, oldest, counted_to, by_type,
      flushed_seq, wakes, rows_written, requests, messages) VALUES (1, 1, 'abc', '0', 1, 1, 1, 1, '[["a",1]]', 0, 1, 2, 0, 0)`);
    for (let n = 0; n < 2; n++) expect([open().cursor.seq, open().usage.deliveries]).toEqual([1, 3]);
  }));
