// `GET /api/connections`, what its counts survive, and what the Worker hands on to a hub.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";
import { SECRET, sign } from "../../support/minting.ts";
import { listen, post, twins } from "../../support/workerd-listener.ts";

const { HUB, ASSETS } = env;
const secured: Cloudflare.Env = { HUB, ASSETS, REACTOR_API_KEY: "dev-key", REACTOR_JWT_SECRET: SECRET };
const DEFLATE = { "Sec-WebSocket-Protocol": "reactor.v1.deflate" };

function ask(path: string, init: RequestInit = {}, settings: Cloudflare.Env = secured): Promise<Response> {
  const request = new Request(`http://hub.test${path}`, init) as Request<unknown, IncomingRequestCfProperties>;
  return Promise.resolve(worker.fetch(request, settings, { waitUntil() {} } as unknown as ExecutionContext));
}

const withKey = { headers: { Authorization: "Bearer dev-key", "Content-Type": "application/json" } };

async function connections(channel: string) {
  const reply = await ask(`/api/connections?channel=${channel}`, withKey);
  expect(reply.status).toBe(200);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever is there, and fails where it is not
  const { objects, ...head } = await reply.json<any>();
  expect(objects).toHaveLength(1);
  return { ...head, ...objects[0] };
}

const refused = async (channel: string) => (await connections(channel)).refusals_total;

/** Tries to emit without a valid key. */
const emitWrongly = (channel: string, times: number) =>
  Promise.all(
    Array.from({ length: times }, async () => {
      const reply = await ask(`/api/events?channel=${channel}`, { method: "POST", body: "{}" });
      expect(reply.status).toBe(401);
    }),
  );

it("[H25] answers for a channel that was never used, without a trace in it", async () => {
  expect(await connections("nothing")).toEqual({
    channel: "nothing",
    cursor: "0.0",
    object: "hub",
    connections: [],
    lag: [0, 10, 100, 1_000, 10_000, null].map((up_to_events) => ({ up_to_events, count: 0 })),
    slowest: [],
    opened_total: {},
    closes_total: {},
    refusals_total: {},
    resets_total: {},
    replays_total: 0,
    deliveries_total: 0,
  });
  expect(await env.HUB.getByName("nothing").status()).toMatchObject({ rowsWritten: 0 });
});

it("[H25] [T2] needs a key", async () => {
  const token = await sign({ sub: "ada", exp: Math.floor(Date.now() / 1_000) + 600, emit: ["*"] });
  const outcome = async (path: string, init: RequestInit, settings = secured) => {
    const reply = await ask(path, init, settings);
    return [reply.status, (await reply.json<{ code: string }>()).code];
  };
  const bearer = (credential: string) => ({ headers: { Authorization: `Bearer ${credential}` } });
  expect(await outcome("/api/connections", {})).toEqual([401, "unauthorized"]);
  expect(await outcome("/api/connections", bearer("wrong"))).toEqual([401, "unauthorized"]);
  expect(await outcome("/api/connections", bearer(token))).toEqual([403, "forbidden"]);
  expect(await outcome(`/api/connections?token=${token}`, {})).toEqual([401, "unauthorized"]);
  const keyless: Cloudflare.Env = { HUB, ASSETS, REACTOR_JWT_SECRET: SECRET };
  expect(await outcome("/api/connections", bearer(token), keyless)).toEqual([503, "emit_not_configured"]);
});

it("[H25] [H16] [H20] refuses unknown parameters and invalid channels", async () => {
  for (const [query, code] of [
    ["?chanel=a", "unknown_parameter"],
    ["?channel=a&channel=b", "repeated_parameter"],
    ["?channel=a%20b", "bad_channel"],
  ]) {
    const reply = await ask(`/api/connections${query}`, withKey);
    expect([reply.status, await reply.json()]).toMatchObject([400, { code }]);
  }
});

describe.each(twins)("the counts of a hub, $how", ({ how, pause }) => {
  it("[H25] [H26] count sockets by what they are, and what they were sent", async () => {
    const channel = `counts-${how.length}`;
    const v1 = await listen(`?channel=${channel}`);
    const welcome = await v1.frame();
    await pause(channel);
    const deflate = await listen(`?channel=${channel}`, DEFLATE);
    await deflate.frame();
    await pause(channel);
    const legacy = await listen(`?channel=${channel}`, {});
    await legacy.frame();
    await pause(channel);
    await post(`?channel=${channel}`, [{ type: "a" }, { type: "b" }]);
    await Promise.all([v1.frame(), deflate.frame(), legacy.frame()]);
    await pause(channel);
    const cursor = (await connections(channel)).cursor;
    const late = await listen(`?channel=${channel}&cursor=${cursor.replace(/\d+$/, "1")}`);
    await late.frame();
    await late.frame();
    await pause(channel);
    const { slowest, ...counts } = await connections(channel);
    expect(counts).toEqual({
      channel,
      cursor,
      object: "hub",
      connections: expect.arrayContaining([
        { dialect: "v1", encoding: "text", state: "live", count: 2 },
        { dialect: "v1", encoding: "deflate", state: "live", count: 1 },
        { dialect: "legacy", state: "live", count: 1 },
      ]),
      lag: [4, 0, 0, 0, 0, 0].map((count, index) => ({
        up_to_events: [0, 10, 100, 1_000, 10_000, null][index],
        count,
      })),
      opened_total: { v1: 2, "v1.deflate": 1, legacy: 1 },
      closes_total: {},
      refusals_total: {},
      resets_total: {},
      replays_total: 1,
      deliveries_total: 2 * 3 + 1,
    });
    expect(slowest).toHaveLength(4);
    expect(slowest.find(({ client_id }: { client_id: string }) => client_id === welcome.data.client_id)).toEqual({
      client_id: welcome.data.client_id,
      sub: null,
      dialect: "v1",
      encoding: "text",
      state: "live",
      lag_events: 0,
      buffered_bytes: 0,
      heard_ms_ago: expect.any(Number),
    });
    const stats = await ask(`/ws/stats?channel=${channel}`, withKey);
    expect(await stats.json()).toMatchObject({ ws_deliveries_total: 7 });
  });

  it("[H26] count closes by the hub's code and by the client's", async () => {
    const channel = `closes-${how.length}`;
    const [stays, leaves, chats] = [
      await listen(`?channel=${channel}`),
      await listen(`?channel=${channel}`),
      await listen(`?channel=${channel}`),
    ];
    await Promise.all([stays.frame(), leaves.frame(), chats.frame()]);
    await pause(channel);
    leaves.socket.close(4123, "enough");
    await vi.waitFor(async () => expect((await connections(channel)).closes_total).toEqual({ "4123": 1 }));
    await pause(channel);
    chats.socket.send(new ArrayBuffer(1));
    await chats.closed;
    await pause(channel);
    await vi.waitFor(async () => expect((await connections(channel)).closes_total).toEqual({ "4123": 1, "4500": 1 }));
    expect((await connections(channel)).opened_total).toEqual({ v1: 3 });
  });

  it("[H26] count refusals of the Worker with its next call, whatever that is, once", async () => {
    const channel = `handed-on-${how.length}`;
    const { frame } = await listen(`?channel=${channel}`);
    await frame();
    await emitWrongly(channel, 3);
    await pause(channel);
    const calls: (() => Promise<{ readonly status: number }>)[] = [
      () => post(`?channel=${channel}`, { type: "a" }),
      () => ask(`/api/events?channel=${channel}`, withKey),
      () => ask(`/ws/stats?channel=${channel}`, withKey),
      () => ask(`/ws/health?channel=${channel}`, withKey),
      () => ask(`/api/events/none.1?channel=${channel}`, { method: "DELETE", ...withKey }),
      () => ask(`/api/events?before=none.1&channel=${channel}`, { method: "DELETE", ...withKey }),
      () => ask(`/api/revocations?channel=${channel}`, { method: "POST", body: '{"sub":"eve"}', ...withKey }),
      () => listen(`?channel=${channel}`).then(({ reply }) => reply),
    ];
    let expected = 3;
    for (const call of calls) {
      await emitWrongly(channel, 1);
      expected += 1;
      await call();
      await pause(channel);
      expect(await runInDurableObject(HUB.getByName(channel), () => 1)).toBe(1);
      expect(await refused(channel)).toMatchObject({ unauthorized: expected });
    }
    expect(await refused(channel)).toEqual({ unauthorized: expected, event_not_found: 2 });
  });
});
