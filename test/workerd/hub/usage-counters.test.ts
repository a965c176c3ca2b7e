// The usage counters of a hub, against what the runtime counts, and through its entry points.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { SegmentLog } from "../../../src/core/log/segment-log.ts";
import { SqliteStore } from "../../../src/hub/storage/sqlite-store.ts";
import { BILLED_ROWS, EVENTS_PER_SEGMENT } from "../../contracts/billed-rows.ts";
import { evict, listen, post, ring } from "../../support/workerd-listener.ts";

const stub = (channel: string) => env.HUB.getByName(channel);
const requests = async (channel: string) => (await stub(channel).status()).requests;
const unknownMessage = (text: string) => JSON.stringify({ type: "unheard_of", data: text });

it("[L9] counts a request for each upgrade, emit, page of history, status and alarm", async () => {
  const { frame } = await listen("?channel=ask");
  await frame();
  await post("?channel=ask", [{ type: "a" }, { type: "b" }]);
  expect(await requests("ask")).toBe(3); // this one is the third
  await stub("ask").history({ at: "last" }, { asked: null, allowed: null }, { events: 10, bytes: 1_000 });
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

const [[EVENT_BYTES = 0, EVENTS = 0] = []] = [...EVENTS_PER_SEGMENT];
const SINGLE = BILLED_ROWS.commit + BILLED_ROWS.deletion / EVENTS;
const TOGETHER = (BILLED_ROWS.commit + BILLED_ROWS.deletion) / 100;

const logged = (seq: number, isNamed: boolean) => {
  const id = `order-${String(seq).padStart(6, "0")}`;
  const event = `{"type":"a","data":"${"x".repeat(EVENT_BYTES - 111)}","source":"system","timestamp":"2026-11-21T12:00:00.000Z","id":"${id}","seq":${seq}}`;
  return { seq, type: "a", event, bytes: event.length, key: isNamed ? `6:system${id}` : null };
};

it.each([
  ["single, without ids", 1, false, HOUR_MS, SINGLE],
  ["single, with ids, deleted after an hour", 1, true, HOUR_MS, SINGLE],
  ["single, with ids, deleted at once", 1, true, 0, SINGLE + BILLED_ROWS.note],
  ["in POSTs of 100, without ids", 100, false, HOUR_MS, TOGETHER],
  ["in POSTs of 100, with ids, deleted at once", 100, true, 0, TOGETHER + BILLED_ROWS.note],
])(
  "[L9] counts the rows of events %s as the runtime bills them: what docs/cost.md reckons with",
  (how, perPost, isNamed, ageMs, perEvent) =>
    runInDurableObject(stub(`rows-${how}`), (_hub, { storage }) => {
      const { metered, rowsWritten } = meter(storage);
      const open = () => {
        const store = new SqliteStore(metered, (sentence) => expect.fail(sentence));
        return new SegmentLog(store, { generation: "0", freshEpoch: () => "never" });
      };
      const log = open();
      for (let seq = 1; seq <= 4_000; seq += perPost) {
        log.append(
          Array.from({ length: perPost }, (_, n) => logged(seq + n, isNamed)),
          "abc",
          0,
        );
        if (log.isUsageDue) log.writeUsage();
        if (seq + perPost === 1_501) expect(open().usage.rowsWritten).toBe(rowsWritten()); // what is summed up, and 500 behind it
      }
      const atAppend = rowsWritten();
      for (const maxEvents of [3_000, 2_000, 1_000, 0]) log.trim({ ...KEEP_ALL, maxEvents }, ageMs);
      log.trim(KEEP_ALL, ageMs + HOUR_MS); // its notes go
      expect(log.usage.rowsWritten).toBe(rowsWritten());
      const [each, counting] = [rowsWritten() / 4_000, 2 / BILLED_ROWS.eventsPerCount];
      log.writeUsage();
      expect(open().usage.rowsWritten).toBe(rowsWritten());
      expect(each).toBeCloseTo(perEvent + counting, 2);
      expect(each).toBeLessThanOrEqual(perPost === 1 ? 1.1 : 0.05); // the most that an event may cost
      if (perPost > 1) expect(atAppend / 4_000).toBeLessThanOrEqual(0.03);
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
