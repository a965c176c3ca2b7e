import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { isBorn, migrate, VERSION } from "../../src/hub/migrations.ts";

it("takes an empty database to the newest schema, and leaves a current one as it is", () =>
  runInDurableObject(env.HUB.getByName("migrations"), (_, { storage: { sql } }) => {
    expect(isBorn(sql)).toBe(false);
    migrate(sql);
    expect(isBorn(sql)).toBe(true);
    sql.exec("INSERT INTO log (one, epoch, born_ms, version) VALUES (1, 'abc', 0, ?)", VERSION);
    sql.exec("INSERT INTO events (seq, at_ms, type, event) VALUES (1, 0, 'a', '{}')");
    migrate(sql);
    expect(sql.exec("SELECT seq FROM events").toArray()).toEqual([{ seq: 1 }]);
    expect(sql.exec("SELECT version FROM log").one()).toEqual({ version: VERSION });
  }));
