import { env, exports } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";
import type { RevocationInput } from "../../../src/worker/rpc.ts";
import { inboxOf } from "../../support/inbox.ts";
import { SECRET, sign } from "../../support/minting.ts";
import { listenAs, post, twins } from "../../support/workerd-listener.ts";

const { ReactorApi } = exports;
const { HUB, ASSETS } = env;
const secured: Cloudflare.Env = { HUB, ASSETS, REACTOR_API_KEY: "dev-key", REACTOR_JWT_SECRET: SECRET };
const now = Math.floor(Date.now() / 1000);

afterEach(() => {
  vi.restoreAllMocks();
});

const token = (claims: object) => sign({ sub: "ada", exp: now + 600, iat: now - 60, emit: ["*"], ...claims });

function ask(path: string, credential: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Authorization: `Bearer ${credential}`, "Content-Type": "application/json", ...init.headers };
  const request = new Request(`http://hub.test${path}`, { ...init, headers }) as Request<
    unknown,
    IncomingRequestCfProperties
  >;
  return Promise.resolve(worker.fetch(request, secured, { waitUntil() {} } as unknown as ExecutionContext));
}

const revoke = (query: string, body: unknown, credential = "dev-key") =>
  ask(`/api/revocations${query}`, credential, { method: "POST", body: JSON.stringify(body) });

/** Every entry point that a token opens. @returns `in`, or status and code by entry point */
async function outcomes(channel: string, credential: string) {
  const outcome = async (reply: Response) => {
    if (reply.ok) return "in";
    return `${reply.status} ${(await reply.json<{ code: string }>()).code}`;
  };
  const get = async (path: string) => outcome(await ask(`${path}?channel=${channel}`, credential));
  const event = { method: "POST", body: JSON.stringify({ type: "a" }) };
  return {
    emit: await outcome(await ask(`/api/events?channel=${channel}`, credential, event)),
    history: await get("/api/events"),
    status: await get("/ws/status"),
    stats: await get("/ws/stats"),
    health: await get("/ws/health"),
    v1: await open(channel, credential, { "Sec-WebSocket-Protocol": "reactor.v1" }),
    legacy: await open(channel, credential, {}),
  };
}

async function open(channel: string, credential: string, headers: Record<string, string>): Promise<string> {
  const reply = await ask(`/ws/stream?channel=${channel}`, credential, {
    headers: { Upgrade: "websocket", ...headers },
  });
  const socket = reply.webSocket;
  if (!socket) return String(reply.status);
  const { frame } = inboxOf(socket);
  const closed = new Promise<string>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve(`${code} ${reason}`));
  });
  socket.accept();
  const welcomed = frame().then(({ type, data }) => (type === "reactor_connected" ? "in" : `${data.code}`));
  const first = await Promise.race([welcomed, closed]);
  socket.close();
  return first === "unauthorized" ? await closed : first;
}

const IN = { emit: "in", history: "in", status: "in", stats: "in", health: "in", v1: "in", legacy: "in" };
const closedBy = "4401 This token was revoked: sign in again for another one.";
const refusedBy = "401 unauthorized";
const OUT = {
  ...{ emit: refusedBy, history: refusedBy, status: refusedBy, stats: refusedBy, health: refusedBy },
  ...{ v1: closedBy, legacy: closedBy },
};

it.each(twins)("[V1] [V3] refuses revoked tokens of a sub at every entry point, and no others, $how", async (twin) => {
  const channel = `revoke-${twin.how.length}`;
  const [old, fresh, other] = [await token({}), await token({ iat: now + 3 }), await token({ sub: "ben" })];
  const timeless = await token({ iat: undefined });
  expect(await outcomes(channel, old)).toEqual(IN);
  const until = new Date((now + 700) * 1_000).toISOString();
  const before = new Date(now * 1_000).toISOString();
  const reply = await revoke(`?channel=${channel}`, { sub: "ada", before, until });
  expect(await reply.json()).toMatchObject({ sub: "ada", before, until, channels: [{ channel }] });
  await twin.pause(channel);
  expect(await outcomes(channel, old)).toEqual(OUT);
  expect(await outcomes(channel, timeless)).toEqual(OUT);
  for (const credential of [fresh, other, "dev-key"]) expect(await outcomes(channel, credential)).toEqual(IN);
  expect(await outcomes(`${channel}-other`, old)).toEqual(IN);
});

it("[V1] revokes one token by its jti, in a channel without events, and in several channels", async () => {
  const [one, two] = [await token({ jti: "t1" }), await token({ jti: "t2" })];
  const reply = await revoke("?channels=jti-a,jti-b", { jti: "t1" });
  expect(await reply.json()).toEqual({
    jti: "t1",
    until: expect.stringMatching(/^20/),
    channels: [
      { channel: "jti-a", closed: 0 },
      { channel: "jti-b", closed: 0 },
    ],
  });
  for (const channel of ["jti-a", "jti-b"]) {
    expect((await ask(`/api/events?channel=${channel}`, one)).status).toBe(401);
    expect(await (await ask(`/api/events?channel=${channel}`, two)).json()).toMatchObject({ cursor: "0.0" });
    expect((await post(`?channel=${channel}`, { type: "a" })).status).toBe(200); // the log begins beside it
    expect((await ask(`/api/events?channel=${channel}`, one)).status).toBe(401);
  }
});

it.each(twins)("[V2] closes open sockets of revoked tokens in the same turn, $how", async ({ how, pause }) => {
  const channel = `revoke-open-${how.length}`;
  const issuedMs = (now - 60) * 1_000;
  const ada = await listenAs(channel, { sub: "ada", issuedMs });
  const ben = await listenAs(channel, { sub: "ben", issuedMs });
  for (const { frame } of [ada, ben]) await frame();
  await pause(channel);
  expect(await (await revoke(`?channel=${channel}`, { sub: "ada" })).json()).toMatchObject({
    channels: [{ channel, closed: 1 }],
  });
  expect(await ada.frame()).toMatchObject({ type: "reactor_error", data: { code: "unauthorized", close: 4401 } });
  expect((await ada.closed).code).toBe(4401);
  await post(`?channel=${channel}`, { type: "a" });
  expect((await ben.frame()).events).toMatchObject([{ seq: 1 }]);
  expect(await (await revoke(`?channel=${channel}`, { sub: "ada" })).json()).toMatchObject({
    channels: [{ channel, closed: 0 }],
  });
});

it("[V2] closes a socket that was accepted and not welcomed yet", async () => {
  const [listener] = await Promise.all([
    listenAs("revoke-early", { sub: "ada" }),
    ReactorApi.revoke({ sub: "ada" }, { channel: "revoke-early" }),
  ]);
  expect((await listener.closed).code).toBe(4401);
});

it.each<[unknown, string | undefined]>([
  [{}, ""],
  [[], undefined],
  [null, undefined],
  [{ sub: "ada", jti: "t1" }, ""],
  [{ sub: "" }, "/sub"],
  [{ sub: 7 }, "/sub"],
  [{ sub: "x".repeat(252) }, "/sub"],
  [{ jti: "x".repeat(257) }, "/jti"],
  [{ jti: "t1", before: "2026-01-01T00:00:00Z" }, "/before"],
  [{ sub: "ada", before: 1_795_000_000 }, "/before"],
  [{ sub: "ada", before: "yesterday" }, "/before"],
  [{ sub: "ada", before: "2016-12-31T23:59:60Z" }, "/before"],
  [{ sub: "ada", until: "2020-01-01T00:00:00Z" }, "/until"],
  [{ sub: "ada", since: "2020-01-01T00:00:00Z" }, "/since"],
])("[V6] refuses the revocation %j, over HTTP and RPC", async (body, pointer) => {
  const reply = await revoke("?channel=refused", body);
  expect(reply.status).toBe(400);
  expect(await reply.json()).toMatchObject({ code: "bad_revocation", ...(pointer !== undefined && { pointer }) });
  const problem = { code: "bad_revocation", ...(pointer !== undefined && { pointer }) };
  expect(await ReactorApi.revoke(body as RevocationInput, { channel: "refused" })).toMatchObject({ problem });
});

it.each([
  ["?chanel=a", 400, "unknown_parameter"],
  ["?channel=a&channels=b", 400, "conflicting_parameters"],
  ["?channels=a,-a", 400, "bad_channel"],
  ["?channels=", 400, "bad_channel"],
  [`?channels=${Array.from({ length: 101 }, (_, n) => `c${n}`)}`, 400, "bad_channel"],
])("[V6] refuses POST %s by %i %s", async (query, status, code) => {
  const reply = await revoke(query, { sub: "ada" });
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([status, code]);
});

it("[V6] needs a key: a token is forbidden, and nothing is unauthorized", async () => {
  const codeOf = async (reply: Response) => `${reply.status} ${(await reply.json<{ code: string }>()).code}`;
  expect(await codeOf(await revoke("", { sub: "ada" }, "wrong"))).toBe("401 unauthorized");
  expect(await codeOf(await revoke("", { sub: "ada" }, await token({})))).toBe("403 forbidden");
  const text = { method: "POST", body: "x", headers: { "Content-Type": "text/plain" } };
  expect(await codeOf(await ask("/api/revocations", "dev-key", text))).toBe("415 unsupported_media_type");
  for (const path of ["/api/events/zzzz.1", "/api/events?before=zzzz.1"]) {
    expect(await codeOf(await ask(path, await token({}), { method: "DELETE" }))).toBe("403 forbidden");
  }
});

it("[V7] revokes for another Worker, and takes Dates", async () => {
  const options = { channel: "revoke-rpc" };
  const listener = await listenAs("revoke-rpc", { sub: "ada", issuedMs: Date.now() - 5_000 });
  await listener.frame();
  expect(await ReactorApi.revoke({ sub: "ada", before: new Date(0) }, options)).toEqual({
    ok: true,
    value: { closed: 0 },
  });
  expect(await ReactorApi.revoke({ sub: "ada", before: new Date() }, options)).toEqual({
    ok: true,
    value: { closed: 1 },
  });
  expect((await listener.closed).code).toBe(4401);
  expect(await ReactorApi.revoke({ sub: "ada" }, { chanel: "a" } as object)).toMatchObject({
    problem: { code: "bad_options" },
  });
});

it("[V1] [B9] says in the log what was revoked", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  await revoke("?channel=revoke-said", { sub: 'a"\n\u001b[31m' });
  expect(warn.mock.calls).toEqual([
    [String.raw`The operator of channel revoke-said revoked tokens of sub "a\"\n\u001b[31m"; sockets closed: 0.`],
  ]);
});

it.each([
  [{ iat: "1795000000" }, "iat"],
  [{ jti: 7 }, "jti"],
  [{ jti: "" }, "jti"],
  [{ jti: "x".repeat(257) }, "jti"],
])("[V1] [T5] refuses a token with the claims %j, and names the claim", async (claims, name) => {
  const reply = await ask("/api/events", await token(claims));
  expect(await reply.json()).toMatchObject({ status: 401, detail: expect.stringContaining(`"${name}"`) });
});
