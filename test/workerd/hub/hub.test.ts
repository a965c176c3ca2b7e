import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Hub } from "../../../src/hub/hub.ts";
import { evict, listen, post, twins } from "../../support/workerd-listener.ts";

let channels = 0;

describe.each(twins)("a hub, $how", ({ pause }) => {
  const fresh = () => `hub-${channels++}`;

  it("[F1] [F2] [F4] sends each event once and in order", async () => {
    const channel = fresh();
    const { frame } = await listen(`?channel=${channel}`);
    expect(await frame()).toMatchObject({
      type: "reactor_connected",
      data: { channel, cursor: "0.0", recovered: null },
    });
    await pause(channel);
    const { cursor } = await (await post(`?channel=${channel}`, { type: "a", data: { n: 1 } })).json<{
      cursor: string;
    }>();
    expect(await frame()).toMatchObject({ after: 0, cursor, events: [{ type: "a", data: { n: 1 }, seq: 1 }] });
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "b" }, { type: "c" }]);
    const second = await frame();
    expect(second).toMatchObject({ cursor: cursor.replace(".1", ".3"), events: [{ seq: 2 }, { seq: 3 }] });
    expect(second.after).toBeLessThanOrEqual(1);
  });

  it("[S3] [S4] sends a subscriber what it subscribed to", async () => {
    const channel = fresh();
    const { frame } = await listen(`?channel=${channel}&events=digest_*,user_action`);
    await frame();
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "news_processed" }, { type: "digest_created" }]);
    expect((await frame()).events).toMatchObject([{ type: "digest_created", seq: 2 }]);
    await post(`?channel=${channel}`, { type: "news_processed" });
    await pause(channel);
    await post(`?channel=${channel}`, { type: "user_action" });
    expect((await frame()).events).toMatchObject([{ type: "user_action", seq: 4 }]);
  });

  it("[O1] [O2] [O3] [S4] speaks the legacy dialect to a legacy page", async () => {
    const channel = fresh();
    const { frame, socket, reply } = await listen(`?channel=${channel}`, {});
    expect(reply.headers.get("Sec-WebSocket-Protocol")).toBeNull();
    expect(await frame()).toMatchObject({
      type: "reactor_connected",
      data: { message: "Connected to PulseAI Reactor", client_id: expect.any(String), timestamp: expect.any(Number) },
    });
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "a", id: "x" }, { type: "b" }]);
    expect(await frame()).toMatchObject({ type: "a", data: {}, source: "system", id: "x", seq: 1 });
    expect(await frame()).toMatchObject({ type: "b", seq: 2, cursor: expect.stringMatching(/\.2$/) });
    await pause(channel);
    socket.send("hello?");
    expect(await frame()).toEqual({ type: "echo", data: { message: "hello?" } });
  });

  it("[S5] closes the socket that sends binary, and continues with the others", async () => {
    const channel = fresh();
    const [bad, good] = [await listen(`?channel=${channel}`), await listen(`?channel=${channel}`)];
    await pause(channel);
    bad.socket.send(new ArrayBuffer(1));
    expect((await bad.closed).code).toBe(4500);
    await good.frame();
    await post(`?channel=${channel}`, { type: "a" });
    expect((await good.frame()).events).toHaveLength(1);
  });

  it.each([[1000], [4001], [undefined]])(
    "[S6] answers a close with %s, and no longer counts the socket",
    async (code) => {
      const channel = fresh();
      const [gone, stays] = [await listen(`?channel=${channel}`), await listen(`?channel=${channel}`)];
      expect(await env.HUB.getByName(channel).status()).toMatchObject({ connections: 2 });
      await pause(channel);
      gone.socket.close(code);
      expect((await gone.closed).code).toBe(code ?? 1005);
      expect(await env.HUB.getByName(channel).status()).toMatchObject({ connections: 1 });
      stays.socket.close();
      await stays.closed;
      await pause(channel);
      expect(await env.HUB.getByName(channel).status()).toMatchObject({ connections: 0 });
    },
  );

  it("[C3] [P2] [P3] replays page by page from a cursor, and is live at the head", async () => {
    const channel = fresh();
    const data = "x".repeat(10_000);
    for (let n = 0; n < 4; n++) await post(`?channel=${channel}`, Array(10).fill({ type: "a", data }));
    const { cursor } = await env.HUB.getByName(channel).status();
    const at = (seq: number) => cursor.replace(".40", `.${seq}`);
    await pause(channel);
    const { frame, socket } = await listen(`?channel=${channel}&cursor=${at(2)}`);
    expect((await frame()).data).toMatchObject({ cursor: at(2), recovered: true });
    const seqs: number[] = [];
    let position = 2;
    for (let more = true; more; ) {
      const page = await frame();
      expect(page.after).toBe(position);
      seqs.push(...page.events.map(({ seq }: { seq: number }) => seq));
      position = seqs.at(-1) ?? 0;
      more = page.more === true;
      await pause(channel);
      if (position === 8) await post(`?channel=${channel}`, { type: "b" }); // meanwhile
      if (more) socket.send(JSON.stringify({ type: "ack", data: { cursor: page.cursor } }));
    }
    expect(seqs).toEqual(Array.from({ length: 39 }, (_, n) => n + 3));
    await pause(channel);
    await post(`?channel=${channel}`, { type: "c" });
    expect(await frame()).toMatchObject({ cursor: at(42), events: [{ type: "c", seq: 42 }] });
  });

  it("[C4] resets a subscriber whose cursor is of another epoch, or ahead", async () => {
    const channel = fresh();
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    const { cursor } = await env.HUB.getByName(channel).status();
    for (const [asked, reason] of [
      ["zzzz.1", "epoch"],
      [cursor.replace(".2", ".3"), "ahead"],
    ]) {
      const { frame } = await listen(`?channel=${channel}&cursor=${asked}`);
      expect((await frame()).data).toMatchObject({ cursor, recovered: false });
      await pause(channel);
      expect(await frame()).toMatchObject({ type: "reactor_reset", data: { reason, cursor } });
    }
  });

  it("[F6] [S4] changes a subscription from one event to the next", async () => {
    const channel = fresh();
    const { frame, socket } = await listen(`?channel=${channel}&events=a`);
    await frame();
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    expect((await frame()).events).toMatchObject([{ type: "a", seq: 1 }]);
    await pause(channel);
    socket.send(JSON.stringify({ type: "subscribe", data: { events: ["b"] } }));
    await pause(channel);
    expect(await frame()).toMatchObject({ type: "reactor_subscribed", data: { events: ["b"] } });
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    expect(await frame()).toMatchObject({ after: 2, events: [{ type: "b", seq: 4 }] });
  });

  it("[O4] [O5] replays to a legacy page, and lets it narrow", async () => {
    const channel = fresh();
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    const { cursor } = await env.HUB.getByName(channel).status();
    const { frame, socket } = await listen(`?channel=${channel}&cursor=${cursor.replace(".2", ".1")}`, {});
    expect((await frame()).data).toMatchObject({ recovered: true, channel });
    expect(await frame()).toMatchObject({ type: "b", seq: 2 });
    await pause(channel);
    socket.send("subscribe:b");
    expect(await frame()).toMatchObject({ type: "reactor_subscribed", data: { events: ["b"] } });
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    expect(await frame()).toMatchObject({ type: "b", seq: 4 });
  });

  it("[L9] counts by type, and its wakes", async () => {
    const channel = fresh();
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    const before = await env.HUB.getByName(channel).status();
    await pause(channel);
    await post(`?channel=${channel}`, { type: "a" });
    await pause(channel);
    const { byType, wakes, rowsWritten } = await env.HUB.getByName(channel).status();
    expect(byType).toEqual({ a: 2, b: 1 });
    expect(wakes).toBeGreaterThanOrEqual(before.wakes);
    expect(rowsWritten).toBeGreaterThanOrEqual(before.rowsWritten + 1);
  });

  it("[L4] keeps epoch, head and count", async () => {
    const channel = fresh();
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    const { cursor: before, emitted, bornMs, lastMs } = await env.HUB.getByName(channel).status();
    await pause(channel);
    expect(await env.HUB.getByName(channel).status()).toMatchObject({ cursor: before, emitted, bornMs, lastMs });
    const late = await listen(`?channel=${channel}`);
    const { cursor } = (await late.frame()).data;
    await pause(channel);
    const receipt = await (await post(`?channel=${channel}`, { type: "c" })).json<{ cursor: string }>();
    expect(receipt.cursor).toBe(cursor.replace(".2", ".3"));
  });

  it("[L6] keeps channels apart", async () => {
    const [here, there] = [fresh(), fresh()];
    const { frame } = await listen(`?channel=${here}`);
    await frame();
    await pause(here);
    await post(`?channel=${there}`, { type: "elsewhere" });
    await post(`?channel=${here}`, { type: "here" });
    expect(await frame()).toMatchObject({ events: [{ type: "here", seq: 1 }] });
    expect(await env.HUB.getByName(there).status()).toMatchObject({ connections: 0, emitted: 1 });
  });
});

it.each([
  ["appended to the newest segment", "UPDATE segments SET last_seq = 2, events = events || char(10) || events"],
  [
    "written a segment of its own",
    `INSERT INTO segments SELECT 2, 2, first_ms, last_ms, bytes, total_bytes, wakes, rows_written, requests, messages, types,
      fingerprints, events, deliveries, tallies FROM segments`,
  ],
])(
  "[L11] reads storage again if another server has %s: nothing is overwritten, and the next emit is right",
  async (_, write) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const [id, count] of [
      ["", 1],
      ["", 500],
      ["again", 1],
    ] as const) {
      const channel = `written-twice-${id}-${count}-${write.length}`;
      await post(`?channel=${channel}`, { type: "mine" });
      const hub = env.HUB.getByName(channel);
      await runInDurableObject(hub, (_, { storage }) => void storage.sql.exec(write));
      const events = Array.from({ length: count }, (_, n) => ({
        type: "next",
        ...(id !== "" && { id: `${id}-${n}` }),
      }));
      const reply = await post(`?channel=${channel}`, events);
      expect([reply.status, (await reply.json<{ code?: string }>()).code]).toEqual(
        id === "" ? [503, "log_unavailable"] : [200, undefined],
      );
      const { cursor } = await (await post(`?channel=${channel}`, { type: "last" })).json<{ cursor: string }>();
      const seq = Number(cursor.split(".")[1]);
      expect(seq).toBe(id === "" ? 3 : 4);
      const log = await exports.default.fetch(`http://hub.test/api/events?channel=${channel}`);
      const { events: kept } = await log.json<{ events: { type: string }[] }>();
      expect(kept.map(({ type }) => type)).toEqual(["mine", "mine", ...(id === "" ? [] : ["next"]), "last"]);
    }
    logged.mockRestore();
    warned.mockRestore();
  },
);

it("[L1] refuses emits while the log fails, sends no client what it did not store, and continues without a gap", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const hub = env.HUB.getByName("full");
  const { frame } = await listen("?channel=full");
  await frame();
  await post("?channel=full", { type: "a" });
  await frame();
  const exec = (statement: string) => runInDurableObject(hub, (_, { storage }) => void storage.sql.exec(statement));
  await exec("CREATE TRIGGER full BEFORE UPDATE ON segments BEGIN SELECT RAISE(FAIL, 'disk is full'); END");
  const reply = await post("?channel=full", [{ type: "lost" }, { type: "lost" }]);
  const body = await reply.text();
  expect([reply.status, JSON.parse(body).code]).toEqual([503, "log_unavailable"]);
  expect(body).not.toContain("disk");
  expect(String(logged.mock.calls[0]?.[1])).toContain("disk is full");
  logged.mockRestore();
  await exec("DROP TRIGGER full");
  await post("?channel=full", { type: "b" });
  expect(await frame()).toMatchObject({ after: 1, events: [{ type: "b", seq: 2 }] });
});

it("[L6] lets no channel wait for another", async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const held = runInDurableObject(env.HUB.getByName("busy"), (_, ctx) =>
    ctx.blockConcurrencyWhile(() => {
      begin();
      return released;
    }),
  );
  await begun;
  const waiting = post("?channel=busy", { type: "a" });
  expect((await post("?channel=free", { type: "a" })).status).toBe(200);
  release();
  await held;
  expect((await waiting).status).toBe(200);
});

it("[S6] does not count, nor send to, a socket that it closed and whose peer has not answered, also after hibernation", async () => {
  const { socket } = await listen("?channel=half-open");
  socket.send(new ArrayBuffer(1));
  await vi.waitFor(async () => {
    expect(await env.HUB.getByName("half-open").status()).toMatchObject({ connections: 0 });
  });
  await evict("half-open");
  expect((await post("?channel=half-open", { type: "a" })).status).toBe(200);
  expect(await env.HUB.getByName("half-open").status()).toMatchObject({ connections: 0 });
});

it("[S4] [S8] [P3] keeps in a socket's attachment the largest possible subscription, and eight pages in flight", async () => {
  const channel = "attachment";
  const data = "x".repeat(60_000);
  for (let n = 0; n < 20; n++) await post(`?channel=${channel}`, { type: "a", data });
  const { cursor } = await env.HUB.getByName(channel).status();
  const { frame, socket } = await listen(`?channel=${channel}&cursor=${cursor.replace(".20", ".0")}`);
  await frame();
  const patterns = Array.from({ length: 63 }, (_, n) => `${n}`.padEnd(126, "-"));
  socket.send(JSON.stringify({ type: "subscribe", data: { events: ["*", ...patterns] } }));
  const seqs: number[] = [];
  const types = new Set<string>();
  const ack = (to: string) => socket.send(JSON.stringify({ type: "ack", data: { cursor: to } }));
  for (let left = 20; left > 0; ) {
    const { type, events = [], more, cursor: to } = await frame();
    types.add(type);
    seqs.push(...events.map(({ seq }: { seq: number }) => seq));
    left -= events.length;
    await evict(channel).catch(() => {});
    if (more) ack(to);
  }
  expect(seqs).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  expect([...types]).toEqual(["reactor_events", "reactor_subscribed"]);
});

it("[S2] answers ping while it sleeps, without waking", async () => {
  const { frame, text, socket } = await listen("?channel=sleeper");
  await frame();
  await evict("sleeper");
  for (let n = 0; n < 3; n++) {
    socket.send("ping");
    expect(await text()).toBe("pong");
  }
  await expect(evict("sleeper")).rejects.toThrow(/not currently running/);
});

it("[F9] answers an unknown message", async () => {
  const { frame, socket } = await listen("?channel=unknown");
  await frame();
  socket.send("ping ");
  expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "unknown_message" } });
});

it("[S6] no longer counts a socket that failed, and does not wait for its peer", async () => {
  const { frame } = await listen("?channel=broken");
  await frame();
  const after = await runInDurableObject(env.HUB.getByName("broken"), (hub: Hub, ctx) => {
    for (const socket of ctx.getWebSockets()) hub.webSocketError(socket); // as the runtime does
    return hub.status();
  });
  expect(after).toMatchObject({ connections: 0 });
});
