import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SqliteLog } from "../../src/hub/sqlite-log.ts";
import { judgeEventLog } from "../contracts/event-log.ts";

let used = 0;

function inFreshObject<T>(run: (ctx: DurableObjectState) => T): Promise<T> {
  return runInDurableObject(env.HUB.getByName(`log-${used++}`), (_, ctx) => run(ctx));
}

judgeEventLog("SqliteLog", (judge) =>
  inFreshObject(({ storage }) => judge(new SqliteLog(storage), () => new SqliteLog(storage))),
);

it("[L5] creates no table by being looked at", () =>
  inFreshObject(({ storage }) => {
    new SqliteLog(storage).read(0, 10);
    const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('log', 'events')").toArray();
    expect(tables).toEqual([]);
  }));

it("writes one row an event", () =>
  inFreshObject(({ storage }) => {
    const log = new SqliteLog(storage);
    log.append([{ seq: 1, type: "a", event: "{}" }], "abc", 1);
    const before = storage.sql.exec<{ changes: number }>("SELECT total_changes() AS changes").one().changes;
    log.append(
      [2, 3, 4].map((seq) => ({ seq, type: "a", event: "{}" })),
      "abc",
      2,
    );
    const after = storage.sql.exec<{ changes: number }>("SELECT total_changes() AS changes").one().changes;
    expect(after - before).toBe(3);
  }));
