import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Hub } from "../../../src/hub/hub.ts";
import { alarmOf, evict, listen, post, ring, ringAt, twins } from "../../support/workerd-listener.ts";

afterEach(() => vi.restoreAllMocks());

const HOUR_MS = 3_600_000;

const stub = (channel: string) => env.HUB.getByName(channel);

it("[A1] sets no alarm for a channel that was only read", async () => {
  await stub("alarm-none").status();
  expect(await alarmOf("alarm-none")).toBeNull();
});

describe.each(twins)("a hub, $how", ({ how, pause }) => {
  it("[A2] sends a heartbeat at the next multiple of 30 s, and continues while a client is connected", async () => {
    const channel = `alarm-beat-${how.length}`;
    const { frame, socket, closed } = await listen(`?channel=${channel}`);
    await frame();
    const first = (await alarmOf(channel)) ?? 0;
    expect(first % 30_000).toBe(0);
    expect(first - Date.now()).toBeLessThanOrEqual(30_000);
    await pause(channel);
    await ring(channel);
    expect(await frame()).toMatchObject({
      after: 0,
      cursor: "0.0",
      events: [{ type: "reactor_heartbeat", data: { connected_clients: 1, events_emitted: 0 } }],
    });
    expect(await alarmOf(channel)).toBeGreaterThanOrEqual(first);
    socket.close();
    await closed;
    await pause(channel);
    await ring(channel);
    expect(await alarmOf(channel)).toBeNull();
  });

  it("[F5] [A2] sends the head with the heartbeat", async () => {
    const channel = `alarm-progress-${how.length}`;
    const { frame } = await listen(`?channel=${channel}&events=digest_*`);
    await frame();
    const { cursor } = await (await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }])).json<{
      cursor: string;
    }>();
    await pause(channel);
    await ring(channel);
    expect(await frame()).toEqual({ type: "reactor_events", after: 0, cursor, events: [] });
  });
});

it("[A4] [L7] deletes events that are too old, in a channel without subscribers", async () => {
  await post("?channel=alarm-age", [{ type: "a" }, { type: "b" }]);
  const due = (await alarmOf("alarm-age")) ?? 0;
  expect(due % HOUR_MS).toBe(0);
  expect(due - Date.now()).toBeGreaterThan(72 * HOUR_MS - 1);
  expect(due - Date.now()).toBeLessThanOrEqual(73 * HOUR_MS);
  await runInDurableObject(stub("alarm-age"), (_, { storage }) => {
    storage.sql.exec("UPDATE segments SET last_ms = last_ms - ?", 73 * HOUR_MS);
  });
  await evict("alarm-age");
  await ring("alarm-age");
  const status = await stub("alarm-age").status();
  expect(status).toMatchObject({ emitted: 2, oldest: 3, bytes: 0, byType: { a: 1, b: 1 } });
  expect(await alarmOf("alarm-age")).toBeNull();
  await post("?channel=alarm-age", { type: "c" });
  expect(await alarmOf("alarm-age")).not.toBeNull();
});

it("[A4] sets the next alarm also when its work fails, and not immediately", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await post("?channel=alarm-fails", { type: "a" });
  await runInDurableObject(stub("alarm-fails"), (_, { storage }) => {
    storage.sql.exec("UPDATE segments SET last_ms = last_ms - ?", 100 * HOUR_MS);
  });
  await evict("alarm-fails");
  await runInDurableObject(stub("alarm-fails"), async (hub: Hub, { storage }) => {
    storage.sql.exec("CREATE TRIGGER stuck BEFORE DELETE ON segments BEGIN SELECT RAISE(ABORT, 'stuck'); END");
    await storage.deleteAlarm();
    hub.alarm({ scheduledTime: Date.now(), isRetry: false, retryCount: 0 });
  });
  const next = (await alarmOf("alarm-fails")) ?? 0;
  expect(next - Date.now()).toBeGreaterThan(30_000);
  expect(await stub("alarm-fails").status()).toMatchObject({ oldest: 1, emitted: 1 });
});

it("[A4] sets an alarm again that was lost, or is later than it should be", async () => {
  const set = (alarmMs: number | null) =>
    runInDurableObject(stub("alarm-lost"), (_, { storage }) =>
      alarmMs === null ? storage.deleteAlarm() : storage.setAlarm(alarmMs),
    );
  const emitAwake = async () => {
    await evict("alarm-lost");
    await post("?channel=alarm-lost", { type: "a" });
    return await vi.waitFor(async () => (await alarmOf("alarm-lost")) ?? expect.fail("no alarm"));
  };
  await post("?channel=alarm-lost", { type: "a" });
  const first = await alarmOf("alarm-lost");
  await set(null);
  expect(await emitAwake()).toBe(first);
  await set((first ?? 0) + HOUR_MS);
  await emitAwake();
  await vi.waitFor(async () => expect(await alarmOf("alarm-lost")).toBe(first));
});

it("[A4] sets a lost alarm again at the next wake, also if nothing is emitted", async () => {
  await post("?channel=alarm-wake", { type: "a" });
  const first = await alarmOf("alarm-wake");
  await runInDurableObject(stub("alarm-wake"), (_, { storage }) => storage.deleteAlarm());
  await evict("alarm-wake");
  await stub("alarm-wake").status();
  await vi.waitFor(async () => expect(await alarmOf("alarm-wake")).toBe(first));
});

it("[L1] answers and sends an event also if counters cannot be written, nor old events deleted", async () => {
  const failed = vi.spyOn(console, "error").mockImplementation(() => {});
  const { frame } = await listen("?channel=alarm-stuck");
  await frame();
  for (let n = 0; n < 999; n += 333) await post("?channel=alarm-stuck", Array(333).fill({ type: "a" }));
  while (!(await frame()).cursor.endsWith(".999"));
  await runInDurableObject(stub("alarm-stuck"), (_, { storage }) => {
    storage.sql.exec("CREATE TRIGGER stuck BEFORE INSERT ON log BEGIN SELECT RAISE(FAIL, 'stuck'); END");
  });
  expect((await post("?channel=alarm-stuck", { type: "b" })).status).toBe(200);
  expect((await frame()).events).toMatchObject([{ type: "b", seq: 1_000 }]);
  expect(failed.mock.calls).toEqual([["The hub's counting failed.", expect.stringContaining("stuck")]]);
});

describe("with the hub's clock moved", () => {
  afterEach(() => vi.useRealTimers());

  const moveClock = (ms: number) => vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + ms });

  it("[A3] [S6] closes a socket that pinged and then was silent for 90 s, by the runtime's clock", async () => {
    const channel = "alarm-half-open";
    const [pinged, plain] = [await listen(`?channel=${channel}`), await listen(`?channel=${channel}`)];
    for (const { frame } of [pinged, plain]) await frame();
    pinged.socket.send("ping");
    expect(await pinged.text()).toBe("pong");
    const beatBehind = (ms: number) => ringAt(channel, 30_000 * Math.ceil((Date.now() + ms) / 30_000));
    await evict(channel);
    await beatBehind(30_000);
    expect(await stub(channel).status()).toMatchObject({ connections: 2 });
    await evict(channel);
    await beatBehind(91_000);
    expect((await pinged.closed).code).toBe(4408);
    expect(await stub(channel).status()).toMatchObject({ connections: 1 });
    await plain.frame();
    expect((await plain.frame()).events).toMatchObject([{ type: "reactor_heartbeat", data: { connected_clients: 1 } }]);
  });

  it.each(["v1", "legacy"] as const)(
    "[A3] keeps a %s subscriber that never pings and reads everything, for an hour",
    async (dialect) => {
      const channel = `alarm-plain-${dialect}`;
      const { frame, socket } = await listen(`?channel=${channel}`, dialect === "v1" ? undefined : {});
      await frame();
      for (let n = 1; n <= 12; n++) {
        moveClock(5 * 60_000);
        if (n % 4 === 0) await evict(channel);
        await ring(channel);
        const beat = await frame();
        expect(beat.events?.[0]?.type ?? beat.type).toBe("reactor_heartbeat");
      }
      expect(await stub(channel).status()).toMatchObject({ connections: 1 });
      expect(socket.readyState).toBe(WebSocket.OPEN);
    },
  );
});
