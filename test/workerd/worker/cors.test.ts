import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import worker from "../../../src/worker/index.ts";
import { inboxOf } from "../../support/inbox.ts";

const APP = "https://app.example.org";
const FOREIGN = "https://evil.example";
const VARY = "Origin, Accept-Encoding";

/** `at`: the hub's own origin. */
type Vars = { at?: string; [variable: string]: unknown };

/** A hub that lists one origin; without a list: pages from this machine. */
function ask(
  path: string,
  init: RequestInit,
  { at = "http://hub.test", ...vars }: Vars = { ALLOWED_ORIGINS: APP },
): Promise<Response> {
  const { HUB, ASSETS } = env;
  const request = new Request(`${at}${path}`, init) as Request<unknown, IncomingRequestCfProperties>;
  const variables = { HUB, ASSETS, REACTOR_API_KEY: "dev-key", ...vars };
  return Promise.resolve(worker.fetch(request, variables, { waitUntil() {} } as unknown as ExecutionContext));
}

const from = (origin: string | undefined, headers: Record<string, string> = {}): RequestInit => ({
  headers: { ...headers, ...(origin !== undefined && { Origin: origin }) },
});

const cors = (reply: Response) => [
  reply.headers.get("Access-Control-Allow-Origin"),
  reply.headers.get("Vary"),
  reply.headers.get("Access-Control-Allow-Credentials"),
];

const routes = ["/ws/status", "/ws/stats", "/ws/health", "/health", "/api/events"];

it.each(routes)("[H9] lets pages of a listed origin read %s, and no others", async (path) => {
  for (const [origin, allowed] of [
    [APP, APP],
    ["http://hub.test", "http://hub.test"],
    [FOREIGN, null],
    ["null", null],
    ["http://localhost:5173", null],
    [undefined, null],
  ] as const) {
    const reply = await ask(path, from(origin));
    expect([origin, reply.status, ...cors(reply)]).toEqual([origin, 200, allowed, VARY, null]);
    await reply.text();
  }
});

it("[H9] lets pages from this machine read if nothing is listed", async () => {
  for (const origin of ["http://localhost:5173", "https://localhost:5173", "http://127.0.0.1:80", "http://hub.test"]) {
    expect(cors(await ask("/ws/status", from(origin), {}))[0]).toBe(origin);
  }
  expect(cors(await ask("/ws/status", from(APP), {}))[0]).toBeNull();
});

it("[H9] lets pages from files read, emit and connect by ALLOW_NULL_ORIGIN, at a hub on this machine", async () => {
  const vars = { ALLOW_NULL_ORIGIN: "true" };
  const upgrade = from("null", { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" });
  const asking = { ...from("null", { "Access-Control-Request-Method": "POST" }), method: "OPTIONS" };
  const local = { at: "http://localhost:8787", ...vars };
  expect(cors(await ask("/api/events", from("null"), local))[0]).toBe("null");
  expect((await ask("/api/events", asking, local)).status).toBe(204);
  const opened = await ask("/ws/stream?channel=files", upgrade, local);
  expect(opened.status).toBe(101);
  expect(opened.webSocket).not.toBeNull();
  opened.webSocket?.accept();
  opened.webSocket?.close();
  for (const elsewhere of [vars, { at: "http://localhost:8787" }, { ...local, ALLOW_NULL_ORIGIN: "false" }]) {
    expect(cors(await ask("/api/events", from("null"), elsewhere))[0]).toBeNull();
    expect((await ask("/api/events", asking, elsewhere)).status).toBe(403);
  }
});

it("[H9] lets a page read when to retry, and the tag of a page of history", async () => {
  const vars = { ALLOWED_ORIGINS: APP, EMIT_LIMIT: { limit: async () => ({ success: false }) } };
  const headers = { Authorization: "Bearer dev-key", "Content-Type": "application/json" };
  const emit = (origin: string) =>
    ask("/api/events", { ...from(origin, headers), method: "POST", body: '{"type":"a"}' }, vars);
  const reply = await emit(APP);
  expect([reply.status, reply.headers.get("Retry-After")]).toEqual([429, "10"]);
  expect(reply.headers.get("Access-Control-Expose-Headers")).toBe("ETag, Retry-After");
  expect((await emit(FOREIGN)).headers.get("Access-Control-Expose-Headers")).toBeNull();
});

it("[H9] lets a page read what it emitted, and what was wrong with it", async () => {
  const emit = (body: string, headers: Record<string, string>, path = "/api/events?channel=cors") =>
    ask(path, { ...from(APP, { "Content-Type": "application/json", ...headers }), method: "POST", body });
  const key = { Authorization: "Bearer dev-key" };
  for (const [reply, status] of [
    [await emit('{"type":"a"}', key), 200],
    [await emit("{", key), 400],
    [await emit("{}", {}), 401],
    [await emit("{}", key, "/nothing"), 404],
    [await emit("{}", key, "/ws/status"), 405],
    [await emit("{}", { ...key, "Content-Type": "text/plain" }), 415],
    [await ask("/ws/stream", from(APP)), 426],
    [await ask("/ws/status?channel=N!", from(APP)), 400],
  ] as const) {
    expect([reply.status, ...cors(reply)]).toEqual([status, APP, VARY, null]);
  }
});

const preflight = (path: string, origin: string, headers: Record<string, string> = {}) =>
  ask(path, { ...from(origin, { "Access-Control-Request-Method": "POST", ...headers }), method: "OPTIONS" });

it("[H9] answers a preflight with what the route accepts", async () => {
  const asked = {
    "Access-Control-Request-Headers":
      "authorization, Content-Type,ce-id,traceparent,baggage, Sentry-Trace,x-mine, ,a b,ce-id",
  };
  const reply = await preflight("/api/events?channel=any", APP, asked);
  expect([reply.status, await reply.text()]).toEqual([204, ""]);
  const { "content-security-policy": _, "referrer-policy": __, ...headers } = Object.fromEntries(reply.headers);
  expect(headers).toEqual({
    "x-content-type-options": "nosniff",
    allow: "GET, HEAD, POST, DELETE, OPTIONS",
    vary: `Access-Control-Request-Headers, ${VARY}`,
    "access-control-allow-origin": APP,
    "access-control-allow-methods": "GET, HEAD, POST, DELETE, OPTIONS",
    "access-control-allow-headers": "authorization, content-type, ce-id, traceparent, baggage, sentry-trace, x-mine",
    "access-control-expose-headers": "ETag, Retry-After",
    "access-control-max-age": "7200",
  });
  for (const path of ["/ws/status", "/ws/stats", "/ws/health", "/health"]) {
    const allow = (await preflight(path, APP)).headers.get("Access-Control-Allow-Methods");
    expect([path, allow]).toEqual([path, "GET, HEAD, OPTIONS"]);
  }
});

it("[H9] refuses a preflight from a foreign origin, with the reason", async () => {
  for (const origin of [FOREIGN, "null"]) {
    const reply = await preflight("/api/events", origin);
    expect([reply.status, ...cors(reply)]).toEqual([403, null, VARY, null]);
    expect(reply.headers.get("Access-Control-Allow-Methods")).toBeNull();
    expect(await reply.json()).toMatchObject({ code: "foreign_origin", detail: expect.stringContaining(origin) });
  }
});

it("[H13] answers OPTIONS outside of CORS with the route's methods", async () => {
  const reply = await ask("/api/events", { method: "OPTIONS" });
  expect([reply.status, reply.headers.get("Allow")]).toEqual([204, "GET, HEAD, POST, DELETE, OPTIONS"]);
  expect(reply.headers.get("Access-Control-Allow-Methods")).toBeNull();
  expect((await ask("/nothing", { method: "OPTIONS" })).status).toBe(404);
});

const FOREIGNERS = [FOREIGN, "null", "http://localhost:5173", ""];

it("[S9] refuses a legacy upgrade from a foreign origin by 403", async () => {
  for (const origin of FOREIGNERS) {
    const reply = await ask("/ws/stream?channel=foreign", from(origin, { Upgrade: "websocket" }));
    expect([origin, reply.status, reply.webSocket]).toEqual([origin, 403, null]);
    expect(await reply.json()).toMatchObject({ code: "foreign_origin" });
  }
  expect(await env.HUB.getByName("foreign").status()).toMatchObject({ connections: 0 });
});

it("[S9] accepts a v1 socket from a foreign origin, and closes it with 4503 and the origin's name", async () => {
  const upgrade = { Upgrade: "websocket", "Sec-WebSocket-Protocol": "reactor.v1" };
  const long = `https://${"long.".repeat(40)}example`;
  for (const origin of [...FOREIGNERS, long]) {
    const reply = await ask("/ws/stream?channel=foreign-v1", from(origin, upgrade));
    expect([origin, reply.status, reply.headers.get("Sec-WebSocket-Protocol")]).toEqual([origin, 101, "reactor.v1"]);
    const message = `Origin ${origin} is not allowed: ALLOWED_ORIGINS of this hub does not list it.`;
    const data = { code: "foreign_origin", message, ref: null, close: 4503 };
    const { frames, closed } = await readToEnd(reply.webSocket);
    expect(frames).toEqual([{ type: "reactor_error", data }]);
    expect([closed.code, message.startsWith(closed.reason), closed.reason.length > 60]).toEqual([4503, true, true]);
  }
  expect(await env.HUB.getByName("foreign-v1").status()).toMatchObject({ connections: 0 });
});

async function readToEnd(socket: WebSocket | null) {
  const frames: unknown[] = [];
  socket?.addEventListener("message", ({ data }) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket?.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  socket?.accept();
  return { closed: await closed, frames };
}

it.each([
  ["v1", { "Sec-WebSocket-Protocol": "reactor.v1" }],
  ["the legacy dialect", {}],
] as const)("[S9] accepts an upgrade from an allowed origin, and one without, in %s", async (_dialect, protocol) => {
  for (const origin of [APP, "http://hub.test", undefined]) {
    const reply = await ask("/ws/stream?channel=known", from(origin, { Upgrade: "websocket", ...protocol }));
    expect([origin, reply.status]).toEqual([origin, 101]);
    const { frame } = inboxOf(reply.webSocket as WebSocket);
    reply.webSocket?.accept();
    expect(await frame()).toMatchObject({ type: "reactor_connected" });
    reply.webSocket?.close();
  }
});

it("[H9] does not run with an invalid ALLOWED_ORIGINS, and logs why", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const reply = await ask("/ws/status", from(APP), { ALLOWED_ORIGINS: `${APP}, app.example.org` });
  expect(reply.status).toBe(500);
  expect(String(log.mock.calls[0]?.[1])).toMatch(/ALLOWED_ORIGINS must be origins such as .*not \\?"app\.example\.org/);
  vi.restoreAllMocks();
});

it("[H9] [H5] lets a page read an internal error, too", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const broken = { getByName: () => expect.fail("a secret of the inside") };
  for (const method of ["GET", "HEAD"]) {
    const reply = await ask("/ws/stats", { ...from(APP), method }, { ALLOWED_ORIGINS: APP, HUB: broken });
    expect([reply.status, ...cors(reply)]).toEqual([500, APP, VARY, null]);
    expect(await reply.text()).not.toContain("secret");
  }
  vi.restoreAllMocks();
});
