// The usage counters of a hub, against what the runtime counts, and through its entry points.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SqliteLog } from "../../../src/hub/storage/sqlite-log.ts";
import { BILLED_ROWS } from "../../contracts/billed-rows.ts";
import { evict, listen, post, ring } from "../../support/workerd-listener.ts";

const stub = (channel: string) => env.HUB.getByName(channel);
const requests = async (channel: string) => (await stub(channel).status()).requests;
const unknownMessage = (text: string) => JSON.stringify({ type: "unheard_of", data: text });

it("[L9] counts a request for each upgrade, emit, page of history, status and alarm", async () => {
  const { frame } = await listen("?channel=ask");
  await frame();
  await post("?channel=ask", [{ type: "a" }, { type: "b" }]);
  expect(await requests("ask")).toBe(3); // this one is the third
  await stub("ask").history(null, { asked: null, allowed: null }, 10);
  await ring("ask");
  expect(await requests("ask")).toBe(6);
});

it("[L9] counts a twentieth of a request for each message, and nothing for a ping that the runtime answers", async () => {
  const { frame, text, socket } = await listen("?channel=say");
  await frame();
  for (let n = 0; n < 3; n++) {
    socket.send("ping");
    expect(await text()).toBe("pong");
    socket.send(unknownMessage("hello"));
    await frame();
  }
  expect(await requests("say")).toBe(2.15);
});

it("[L9] keeps counted requests through hibernation, with the next event or alarm", async () => {
  const { frame, socket } = await listen("?channel=sleeps");
  await frame();
  socket.send(unknownMessage("hello"));
  await frame();
  await post("?channel=sleeps", { type: "a" });
  await evict("sleeps");
  await post("?channel=sleeps", { type: "b" });
  await ring("sleeps");
  await evict("sleeps");
  expect(await requests("sleeps")).toBe(5.05);
});

/** Rows written as the runtime counts them and Cloudflare bills them; `total_changes()` does not count indexes. */
function meter(storage: DurableObjectStorage) {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const sql = new Proxy(storage.sql, {
    get: (of, name) =>
      name === "exec"
        ? (query: string, ...bindings: unknown[]) => {
            const cursor = of.exec(query, ...bindings);
            if (/^(INSERT|UPDATE|DELETE)/.test(query)) cursors.push(cursor);
            return cursor;
          }
        : Reflect.get(of, name, of),
  });
  const metered = new Proxy(storage, {
    get(of, name) {
      if (name === "sql") return sql;
      const value = Reflect.get(of, name, of);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  return { metered, rowsWritten: () => cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0) };
}

const KEEP_ALL = { maxEvents: Infinity, maxAgeMs: Infinity, maxBytes: Infinity };
const HOUR_MS = 3_600_000;

it.each([
  ["without ids", false, HOUR_MS, BILLED_ROWS.event],
  ["with ids, deleted after an hour", true, HOUR_MS, BILLED_ROWS.event + BILLED_ROWS.id],
  ["with ids, deleted at once", true, 0, BILLED_ROWS.event + BILLED_ROWS.id + BILLED_ROWS.remembered],
])(
  "[L9] counts the rows of events %s as the runtime bills them and docs/cost.md has them",
  (how, isNamed, ageMs, anEvent) =>
    runInDurableObject(stub(`rows-${how}`), (_hub, { storage }) => {
      const { metered, rowsWritten } = meter(storage);
      const log = new SqliteLog(metered, "0", () => "never");
      const reopened = () => new SqliteLog(metered, "0", () => "never").usage;
      for (let seq = 1; seq <= 2_000; seq++) {
        const event = `{"seq":${seq}}`;
        log.append([{ seq, type: "a", event, bytes: event.length, key: isNamed ? `s${seq}` : null }], "abc", 0);
        if (log.isUsageDue) log.writeUsage();
        if (seq === 1_500) expect(reopened().rowsWritten).toBe(rowsWritten()); // what is summed up, and 500 after it
      }
      for (const maxEvents of [1_000, 0]) log.trim({ ...KEEP_ALL, maxEvents }, ageMs);
      log.trim(KEEP_ALL, ageMs + HOUR_MS); // forgets
      const birth = 1;
      expect(rowsWritten()).toBe(birth + 2_000 * anEvent + (2 * 2_000) / BILLED_ROWS.eventsPerCount);
      expect(log.usage.rowsWritten).toBe(rowsWritten());
      log.writeUsage();
      expect(reopened().rowsWritten).toBe(rowsWritten());
    }),
);

it("[L9] counts a row for each setting of the alarm, and one for the counters when it fires", async () => {
  const rows = async () => (await stub("alarm-rows").status()).rowsWritten;
  await post("?channel=alarm-rows", { type: "a" }); // for retention, in days
  const before = await rows();
  const { frame } = await listen("?channel=alarm-rows"); // for the heartbeat, in seconds, instead
  await frame();
  expect((await rows()) - before).toBe(1);
  for (const rung of [1, 2]) {
    await ring("alarm-rows");
    expect((await rows()) - before).toBe(1 + rung * BILLED_ROWS.alarm);
  }
});
