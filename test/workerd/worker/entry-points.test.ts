// Every entry point × every credential that it must refuse.
import { env } from "cloudflare:workers";
import { exportJWK, generateKeyPair } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";
import { inboxOf } from "../../support/inbox.ts";
import { assemble, corrupt, SECRET, sign } from "../../support/minting.ts";

const JWKS_URL = "https://id.test/keys";
const { HUB, ASSETS } = env;
const open = { HUB, ASSETS, REACTOR_API_KEY: "dev-key" };
const secured = {
  ...open,
  REACTOR_API_KEY_PREVIOUS: "key-before",
  REACTOR_JWT_SECRET: SECRET,
  REACTOR_JWKS_URL: JWKS_URL,
  REACTOR_JWT_AUDIENCE: "reactor",
};

const now = Math.floor(Date.now() / 1000);
const good = { sub: "ada", exp: now + 600, aud: "reactor", emit: ["chat_*"] };
const event = { type: "chat_said", data: {} };

/** A credential, and where it is sent. */
type Way = "header" | "subprotocol" | "query";
type Shown = { readonly credential: string | null; readonly at: Way };

function ask(path: string, init: RequestInit = {}, vars: Cloudflare.Env = secured): Promise<Response> {
  const headers = new Headers(init.headers);
  if (init.body && !headers.has("Content-Type")) headers.set("Content-Type", "application/json");
  const request = new Request(`http://hub.test${path}`, { ...init, headers }) as Request<
    unknown,
    IncomingRequestCfProperties
  >;
  return Promise.resolve(worker.fetch(request, vars, { waitUntil() {} } as unknown as ExecutionContext));
}

/** One request for `channel=main`, with the credential where it is carried. */
function enter(path: string, { credential, at }: Shown, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  let query = path.includes("?") ? "" : "?channel=main";
  if (credential !== null) {
    if (at === "header") headers.set("Authorization", `Bearer ${credential}`);
    if (at === "query") query += `&token=${encodeURIComponent(credential)}`;
    if (at === "subprotocol") headers.append("Sec-WebSocket-Protocol", `reactor.token.${credential}`);
  }
  return ask(path + query, { ...init, headers });
}

/** The code of the refusal, or `in`. */
async function outcome(reply: Response): Promise<string> {
  return reply.ok ? "in" : (await reply.json<{ code: string }>()).code;
}

const emit = (shown: Shown) => enter("/api/events", shown, { method: "POST", body: JSON.stringify(event) });
const get = (path: string) => (shown: Shown) => enter(path, shown);

async function openV1(shown: Shown): Promise<string> {
  const upgrade = { headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" } };
  const reply = await enter("/ws/stream", shown, upgrade);
  const socket = reply.webSocket;
  if (!socket) return await outcome(reply);
  expect(reply.headers.get("Sec-WebSocket-Protocol")).toBe("reactor.v1");
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.addEventListener("message", ({ data }) => {
    if (JSON.parse(String(data)).type === "reactor_connected") resolve("in");
  });
  socket.addEventListener("close", ({ code }) => resolve(`closed ${code}`));
  socket.accept();
  const end = await promise;
  socket.close();
  return end;
}

async function openLegacy(shown: Shown): Promise<string> {
  const reply = await enter("/ws/stream", shown, { headers: { Upgrade: "websocket" } });
  if (!reply.webSocket) return await outcome(reply);
  reply.webSocket.accept();
  reply.webSocket.close();
  return "in";
}

type Says = "unauthorized" | "forbidden";
const asHttp = { unauthorized: "unauthorized", forbidden: "forbidden" };
const asClose = { unauthorized: "closed 4401", forbidden: "closed 4503" };

/** Each with the ways to carry a credential to it, and how it refuses. */
const entryPoints: readonly {
  readonly entryPoint: string;
  readonly ways: readonly Way[];
  readonly tryIt: (shown: Shown) => Promise<string>;
  readonly says: Readonly<Record<Says, string>>;
  /** Whether it accepts clients without a credential. */
  readonly counts?: boolean;
}[] = [
  { entryPoint: "POST /api/events", ways: ["header"], tryIt: async (s: Shown) => outcome(await emit(s)), says: asHttp },
  ...["/api/events", "/ws/stats"].map((path) => ({
    entryPoint: `GET ${path}`,
    ways: ["header", "query"] as const,
    tryIt: async (s: Shown) => outcome(await get(path)(s)),
    says: asHttp,
  })),
  ...["/ws/status", "/ws/health"].map((path) => ({
    entryPoint: `GET ${path}`,
    ways: ["header", "query"] as const,
    tryIt: async (s: Shown) => outcome(await get(path)(s)),
    says: asHttp,
    counts: true,
  })),
  { entryPoint: "/ws/stream, v1", ways: ["header", "subprotocol", "query"], tryIt: openV1, says: asClose },
  { entryPoint: "/ws/stream, legacy dialect", ways: ["header", "query"], tryIt: openLegacy, says: asHttp },
];

let rsa: { publicKey: CryptoKey; privateKey: CryptoKey };
const bad: Record<string, () => Promise<readonly [string | null, Says]>> = {
  "no credential": async () => [null, "unauthorized"],
  "an empty credential": async () => ["", "unauthorized"],
  "a wrong key": async () => ["dev-kex", "unauthorized"],
  "an expired token": async () => [await sign({ ...good, exp: now - 30 }), "unauthorized"],
  "a token that is not valid yet": async () => [await sign({ ...good, nbf: now + 300 }), "unauthorized"],
  "a token without expiry": async () => [await sign({ ...good, exp: undefined }), "unauthorized"],
  "a wrong signature": async () => [corrupt(await sign(good)), "unauthorized"],
  "another secret's signature": async () => [await sign(good, "b".repeat(32)), "unauthorized"],
  "another RSA key's signature": async () => {
    const other = await generateKeyPair("RS256");
    return [await sign(good, other.privateKey, "RS256", { kid: "rsa" }), "unauthorized"];
  },
  "alg none": async () => [assemble({ alg: "none" }, good, "x"), "unauthorized"],
  "the RSA public key as a secret": async () => {
    const pem = btoa(
      String.fromCharCode(...new Uint8Array((await crypto.subtle.exportKey("spki", rsa.publicKey)) as ArrayBuffer)),
    );
    return [
      await sign(good, `-----BEGIN PUBLIC KEY-----\n${pem.replace(/.{64}/g, "$&\n")}\n-----END PUBLIC KEY-----`),
      "unauthorized",
    ];
  },
  "a wrong audience": async () => [await sign({ ...good, aud: "reactor-staging" }), "unauthorized"],
  "no audience": async () => [await sign({ ...good, aud: undefined }), "unauthorized"],
  "malformed claims": async () => [await sign({ ...good, events: "news_*" }), "unauthorized"],
  "the right token for another channel": async () => [await sign({ ...good, channels: ["other"] }), "forbidden"],
  "patterns that almost match the channel": async () => [
    await sign({ ...good, channels: ["mai", "mains", "main-*", "*-main", "m*m", "main.*"] }),
    "forbidden",
  ],
};
const goodOnes: Record<string, () => Promise<string>> = {
  "the key": async () => "dev-key",
  "the key before": async () => "key-before",
  "a token": () => sign(good),
  "a token by RS256": () => sign(good, rsa.privateKey, "RS256", { kid: "rsa" }),
  "a token for patterns of channels": () => sign({ ...good, channels: ["x", "ma*"] }),
};

const realFetch = globalThis.fetch;
beforeAll(async () => {
  rsa = await generateKeyPair("RS256", { extractable: true });
  const keys = { keys: [{ ...(await exportJWK(rsa.publicKey)), kid: "rsa" }] };
  globalThis.fetch = async (url) => {
    if (url !== JWKS_URL) throw new Error(`Nothing else is asked for than ${JWKS_URL}, and not ${url}.`);
    return Response.json(keys);
  };
});
afterAll(() => {
  globalThis.fetch = realFetch;
});

const logs = { error: vi.spyOn(console, "error"), warn: vi.spyOn(console, "warn") };
beforeEach(() => {
  for (const log of Object.values(logs)) log.mockClear();
});

describe.each(entryPoints)("$entryPoint", ({ ways, tryIt, says, counts = false }) => {
  describe.each(ways)("with a credential in the %s", (at) => {
    it.each(Object.keys(bad))("[T11] does not open to %s", async (name) => {
      const [credential, why] = (await bad[name]?.()) ?? [null, "unauthorized"];
      const anyoneCounts = credential === null && counts;
      expect(await tryIt({ credential, at })).toBe(anyoneCounts ? "in" : says[why]);
    });

    it.each(Object.keys(goodOnes))("[T11] opens to %s", async (name) => {
      const credential = (await goodOnes[name]?.()) ?? null;
      const keyInUrl = at === "query" && name.startsWith("the key");
      expect(await tryIt({ credential, at })).toBe(keyInUrl ? says.unauthorized : "in");
    });
  });
});

it("[T10] neither echoes nor logs a credential", async () => {
  const upgrade = { headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" } };
  for (const token of [await sign(good), await sign({ ...good, exp: 1 }), corrupt(await sign(good)), "not-a-token"]) {
    for (const at of ["header", "subprotocol", "query"] as const) {
      const replies = [
        await emit({ credential: token, at }),
        await get("/api/events")({ credential: token, at }),
        await get("/ws/stats")({ credential: token, at }),
        await enter("/ws/stream", { credential: token, at }, upgrade),
      ];
      for (const reply of replies) {
        const seen = `${JSON.stringify([...reply.headers])}${reply.webSocket ? "" : await reply.text()}`;
        for (const part of token.split(".")) expect(seen).not.toContain(part);
        reply.webSocket?.accept();
        reply.webSocket?.close();
      }
    }
  }
  for (const log of Object.values(logs)) expect(log).not.toHaveBeenCalled();
});

it("[T10] neither echoes nor logs a wrong key if no tokens are configured", async () => {
  const headers = { Authorization: "Bearer nearly-the-key" };
  const upgrade = { ...headers, Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" };
  const refused = await ask("/api/events", { headers }, open);
  expect(refused.status).toBe(401);
  expect(`${JSON.stringify([...refused.headers])}${await refused.text()}`).not.toContain("nearly-the-key");
  const { closed, frame } = await opened(ask("/ws/stream", { headers: upgrade }, open));
  expect(JSON.stringify([await frame(), await closed])).not.toContain("nearly-the-key");
  for (const log of Object.values(logs)) expect(log).not.toHaveBeenCalled();
});

it("[T11] closes a v1 socket with a reason, and nothing reaches the hub", async () => {
  const upgrade = { headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1, reactor.token.a.b.c" } };
  const fetch = vi.fn();
  const vars = { ...secured, HUB: { getByName: () => ({ fetch }) } as unknown as typeof HUB };
  const { closed, frame } = await opened(ask("/ws/stream?channel=closed", upgrade, vars));
  const message = "The credential is neither a key of this hub nor a JWT.";
  expect(await frame()).toEqual({
    type: "reactor_error",
    data: { code: "unauthorized", message, ref: null, close: 4401 },
  });
  expect(await closed).toEqual({ code: 4401, reason: message });
  expect(fetch).not.toHaveBeenCalled();
});

async function opened(asked: Promise<Response>) {
  const socket = (await asked).webSocket;
  if (!socket) throw new Error("No socket.");
  const inbox = inboxOf(socket);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  socket.accept();
  return { socket, closed, ...inbox };
}

it("[S9] refuses a foreign origin before it reads a credential, in either dialect", async () => {
  const headers = { Upgrade: "websocket", Origin: "https://evil.test" };
  const v1 = { headers: { ...headers, "Sec-WebSocket-Protocol": "reactor.v1" } };
  for (const credential of ["dev-key", "wrong"]) {
    const reply = await enter("/ws/stream", { credential, at: "header" }, { headers });
    expect([reply.status, reply.webSocket, await outcome(reply)]).toEqual([403, null, "foreign_origin"]);
    const { frame, closed } = await opened(enter("/ws/stream", { credential, at: "header" }, v1));
    expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "foreign_origin", close: 4503 } });
    expect((await closed).code).toBe(4503);
  }
});

it("[T1] requires a valid credential, also where none is required", async () => {
  const upgrade = { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" };
  for (const [headers, expected] of [
    [{}, 200],
    [{ Authorization: "Bearer dev-key" }, 200],
    [{ Authorization: "Bearer wrong" }, 401],
    [{ Authorization: "Basic ZGV2LWtleQ==" }, 401],
    [{ Authorization: `Bearer ${await sign(good)}` }, 401],
  ] as const) {
    for (const path of ["/api/events", "/ws/stats", "/ws/status", "/ws/health"]) {
      const reply = await ask(path, { headers }, open);
      expect([path, headers, reply.status]).toEqual([path, headers, expected]);
    }
    const { socket, closed, frame } = await opened(ask("/ws/stream", { headers: { ...headers, ...upgrade } }, open));
    if (expected === 200) expect((await frame()).type).toBe("reactor_connected");
    else expect((await closed).code).toBe(4401);
    socket.close();
  }
});

it("[T11] says which credential to send, and how", async () => {
  const none = await get("/api/events")({ credential: null, at: "header" });
  expect([none.status, none.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
  expect(none.headers.get("Content-Type")).toBe("application/problem+json");
  const other = await get("/api/events")({ credential: await sign({ ...good, channels: ["other"] }), at: "header" });
  expect([other.status, other.headers.get("WWW-Authenticate")]).toEqual([403, null]);
});

it("[T12] accepts from a token what its emit allows, from user:<sub>, whatever the source of the event", async () => {
  const token = await sign({ ...good, channels: ["said"] });
  const send = (body: string, headers: Record<string, string>) =>
    ask("/api/events?channel=said", {
      method: "POST",
      body,
      headers: { Authorization: `Bearer ${token}`, ...headers },
    });
  const json = { "Content-Type": "application/json" };
  const cloud = { specversion: "1.0", type: "chat_said", source: "user:eve", id: "1" };
  for (const [body, headers] of [
    [JSON.stringify({ ...event, source: "user:eve" }), json],
    [JSON.stringify([event, { ...event, source: "system" }]), json],
    [
      `${JSON.stringify({ ...event, source: 7 })}\n${JSON.stringify(event)}`,
      { "Content-Type": "application/x-ndjson" },
    ],
    [JSON.stringify({ ...event, source: "user:eve" }), { "Content-Type": "application/ndjson" }],
    [JSON.stringify({ ...event, source: "user:eve" }), { "Content-Type": "application/jsonl" }],
    [JSON.stringify(cloud), { "Content-Type": "application/cloudevents+json" }],
    [JSON.stringify([{ ...cloud, id: "2" }]), { "Content-Type": "application/cloudevents-batch+json" }],
    [JSON.stringify({ ...cloud, id: "4", data_base64: "e30=" }), { "Content-Type": "application/cloudevents+json" }],
    ["{}", { ...json, "ce-specversion": "1.0", "ce-type": "chat_said", "ce-source": "/x", "ce-id": "3" }],
  ] as const) {
    const reply = await send(body, headers);
    expect([body, reply.status]).toEqual([body, 200]);
  }
  const log = await ask("/api/events?channel=said", { headers: { Authorization: "Bearer dev-key" } });
  const { events } = await log.json<{ events: { source: string }[] }>();
  expect(events.map(({ source }) => source)).toEqual(Array(11).fill("user:ada"));
});

it("[T12] refuses a whole batch for one type that may not be emitted, and names it", async () => {
  const channel = "?channel=whole";
  const headers = { Authorization: `Bearer ${await sign(good)}`, "Content-Type": "application/json" };
  for (const type of ["chat", "chat-said", "Chat_said", "xchat_said", "news_processed"]) {
    const body = JSON.stringify([event, { type }, { type: "also_not" }]);
    const reply = await ask(`/api/events${channel}`, { method: "POST", headers, body });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({
      code: "forbidden",
      detail: `These rights do not let you emit "${type}".`,
      pointer: "/1",
    });
  }
  expect(await HUB.getByName("whole").status()).toMatchObject({ emitted: 0 });
});

it("[T12] refuses a token that may emit nothing before it reads the body", async () => {
  for (const emits of [undefined, []]) {
    const headers = { Authorization: `Bearer ${await sign({ ...good, emit: emits })}` };
    const reply = await ask("/api/events", { method: "POST", headers, body: "not even JSON" });
    expect([reply.status, await outcome(reply)]).toEqual([403, "forbidden"]);
  }
});

it("[E4] lets no key emit in the name of a user", async () => {
  const body = JSON.stringify({ ...event, source: "user:ada" });
  const reply = await ask("/api/events", { method: "POST", body, headers: { Authorization: "Bearer dev-key" } });
  expect([reply.status, await outcome(reply)]).toEqual([400, "bad_event"]);
});

describe("what a token may receive", () => {
  const channel = "?channel=received";
  const types = ["news_a", "news_b", "newsroom", "news", "xnews_a", "chat_said"];
  const key = { Authorization: "Bearer dev-key" };
  const events = ["news_*"];

  beforeAll(async () => {
    const body = JSON.stringify(types.map((type) => ({ type })));
    expect((await ask(`/api/events${channel}`, { method: "POST", headers: key, body })).ok).toBe(true);
  });

  it.each(["", "&events=news_a,chat_said,newsroom", "&events=*"])(
    "[T13] history has no other events (%s)",
    async (asked) => {
      const headers = { Authorization: `Bearer ${await sign({ ...good, events })}` };
      const reply = await ask(`/api/events${channel}${asked}`, { headers });
      const page = await reply.json<{ events: { type: string }[]; cursor: string; head: string }>();
      const expected = asked.includes("news_a") ? ["news_a"] : ["news_a", "news_b"];
      expect(page.events.map(({ type }) => type)).toEqual(expected);
      expect(page.cursor).toBe(page.head);
    },
  );

  it("[T13] a token that may receive nothing receives nothing", async () => {
    const headers = { Authorization: `Bearer ${await sign({ ...good, events: [] })}` };
    const page = await (await ask(`/api/events${channel}`, { headers })).json<{ events: unknown[] }>();
    expect(page.events).toEqual([]);
  });

  it.each([
    ["reactor.v1", { "Sec-WebSocket-Protocol": "reactor.v1" }],
    ["the legacy dialect", {}],
  ])("[T13] neither replay nor live events on a socket of %s have others", async (_, headers) => {
    const token = await sign({ ...good, sub: "Ада 😀", events, channels: ["received"] });
    const asked = `${channel}&cursor=0.0&token=${token}`;
    const { socket, frame } = await opened(
      ask(`/ws/stream${asked}`, { headers: { Upgrade: "websocket", ...headers } }),
    );
    const received: string[] = [];
    const take = async (): Promise<void> => {
      const { type, events } = await frame();
      if (type === "reactor_events") received.push(...(events as { type: string }[]).map(({ type }) => type));
      else if (!type.startsWith("reactor_")) received.push(type);
      if (!received.includes("news_end")) await take();
    };
    const body = JSON.stringify([{ type: "newsroom_end" }, { type: "news_end" }]);
    await ask(`/api/events${channel}`, { method: "POST", headers: key, body });
    await take();
    socket.close();
    expect(received.filter((type) => !type.startsWith("news_"))).toEqual([]);
    expect(received.slice(0, 2)).toEqual(["news_a", "news_b"]);
  });

  it("[T13] counts of other types are hidden, and all types from an anonymous client", async () => {
    const countsOf = async (headers: Record<string, string>) => {
      const stats = await (await ask(`/ws/stats${channel}`, { headers })).json<{ events_by_type: object }>();
      return Object.keys(stats.events_by_type).filter((type) => types.includes(type));
    };
    const headers = { Authorization: `Bearer ${await sign({ ...good, events })}` };
    expect((await countsOf(headers)).sort()).toEqual(["news_a", "news_b"]);
    expect((await countsOf(key)).sort()).toEqual([...types].sort());
    const status = await (await ask(`/ws/status${channel}`)).json<{ stats: Record<string, unknown> }>();
    expect(status.stats.events_emitted_total).toBeGreaterThanOrEqual(types.length);
    for (const path of ["/ws/status", "/ws/health", "/health"]) {
      const text = await (await ask(`${path}${channel}`)).text();
      expect(types.filter((type) => text.includes(`"${type}"`))).toEqual([]);
    }
  });
});

it("[T7] keeps anonymous clients out of channels that are not public, at every entry point", async () => {
  const vars = { ...open, CHANNELS: "main,room-*" };
  for (const [channel, status] of [
    ["main", 200],
    ["room-1", 200],
    ["vault", 401],
    ["rooms", 401],
  ] as const) {
    for (const path of ["/api/events", "/ws/stats", "/ws/status", "/ws/health"]) {
      const reply = await ask(`${path}?channel=${channel}`, {}, vars);
      expect([path, channel, reply.status]).toEqual([path, channel, status]);
    }
    const upgrade = await ask(`/ws/stream?channel=${channel}`, { headers: { Upgrade: "websocket" } }, vars);
    expect([channel, upgrade.status]).toEqual([channel, status === 200 ? 101 : 401]);
    upgrade.webSocket?.accept();
    upgrade.webSocket?.close();
  }
  const counted = await ask("/ws/status?channel=vault", {}, { ...secured, CHANNELS: "main" });
  expect(counted.status).toBe(401);
});

it("[T14] answers 429 with Retry-After if Cloudflare's rate limit is exceeded, and counts users separately", async () => {
  const keys: string[] = [];
  const limited = {
    ...secured,
    EMIT_LIMIT: {
      async limit({ key }: { key: string }) {
        keys.push(key);
        return { success: key !== "user:ada" };
      },
    },
  };
  const body = JSON.stringify(event);
  const emitWith = (credential: string) =>
    ask(
      "/api/events?channel=rate",
      { method: "POST", body, headers: { Authorization: `Bearer ${credential}` } },
      limited,
    );
  const refused = await emitWith(await sign(good));
  expect([refused.status, refused.headers.get("Retry-After"), await outcome(refused)]).toEqual([
    429,
    "10",
    "rate_limited",
  ]);
  expect((await emitWith(await sign({ ...good, sub: "bob" }))).status).toBe(200);
  expect((await emitWith("dev-key")).status).toBe(200);
  expect((await emitWith("wrong")).status).toBe(401);
  expect(keys).toEqual(["user:ada", "user:bob", "key"]);
});

it("[T8] answers 503 while the keys cannot be fetched, on a socket too, so that a page reconnects", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const vars = { ...open, REACTOR_JWKS_URL: "https://down.test/keys" };
  const headers = { Authorization: `Bearer ${await sign(good, rsa.privateKey, "RS256")}` };
  const reply = await ask("/api/events", { headers }, vars);
  expect([reply.status, reply.headers.get("Retry-After"), await outcome(reply)]).toEqual([
    503,
    "5",
    "keys_unavailable",
  ]);
  const upgrade = { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" };
  expect((await ask("/ws/stream", { headers: { ...headers, ...upgrade } }, vars)).status).toBe(503);
});
