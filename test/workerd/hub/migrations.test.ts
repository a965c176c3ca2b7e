import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { isBorn, migrate } from "../../../src/hub/storage/migrations.ts";
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
