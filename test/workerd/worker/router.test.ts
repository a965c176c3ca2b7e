import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { PROBLEMS } from "../../../src/wire/problem.ts";
import { listen, post } from "../../support/workerd-listener.ts";

const get = (path: string, init?: RequestInit) =>
  exports.default.fetch(`http://hub.test${path}`, { redirect: "manual", ...init });

it("[H6] answers status, stats and health of an unused channel", async () => {
  expect(await (await get("/ws/status?channel=new")).json()).toEqual({
    status: "active",
    connected_clients: 0,
    stats: { connected_clients: 0, events_emitted_total: 0, last_event_timestamp: null },
    reactor_events: [
      "AI_METRICS_UPDATED",
      "NEWS_PROCESSED",
      "DIGEST_CREATED",
      "EVENT_DETECTED",
      "USER_ACTION",
      "SYSTEM_HEALTH_CHECK",
      "REACTOR_HEARTBEAT",
    ],
  });
  const stats = {
    connected_clients: 0,
    ws_active_connections: 0,
    ws_events_emitted_total: 0,
    ws_last_event_ts: null,
    reactor_events_subscribed: 7,
    ws_catching_up: 0,
    ws_deliveries_total: 0,
    cursor: "0.0",
    events_kept: 0,
    bytes_kept: 0,
    events_by_type: {},
    wakes: 1,
    rows_written: 0,
    requests: 2, // what is asked counts itself
  };
  expect(await (await get("/ws/stats?channel=new")).json()).toEqual(stats);
  expect(await (await get("/ws/health?channel=new")).json()).toEqual({
    reactor: { status: "healthy", listeners: 1, events_emitted: 0, uptime: 0 },
    websocket: {
      active_connections: 0,
      stats: { connected_clients: 0, events_emitted_total: 0, last_event_timestamp: null },
    },
    timestamp: expect.any(Number),
  });
});

it("[H6] counts subscribers and events, with times in seconds", async () => {
  const before = Date.now() / 1000;
  const { frame } = await listen("?channel=used");
  await frame();
  await post("?channel=used", [{ type: "a" }, { type: "b" }]);
  const stats = await (await get("/ws/stats?channel=used")).json<Record<string, number>>();
  expect(stats).toMatchObject({ connected_clients: 1, ws_active_connections: 1, ws_events_emitted_total: 2 });
  expect(stats.ws_last_event_ts).toBeGreaterThanOrEqual(before);
  expect(stats.ws_last_event_ts).toBeLessThanOrEqual(Date.now() / 1000);
  const { reactor } = await (await get("/ws/health?channel=used")).json<{ reactor: { uptime: number } }>();
  expect(reactor).toMatchObject({ status: "healthy", events_emitted: 2 });
  expect(reactor.uptime).toBeGreaterThanOrEqual(0);
  expect(reactor.uptime).toBeLessThan(60);
});

it("[H6] answers that it is healthy, its version, and how the default channel's hub is", async () => {
  expect(await (await get("/health")).json()).toEqual({
    status: "healthy",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    hub: { status: "healthy", timestamp: expect.any(Number) },
  });
});

it.each([
  ["POST", "/health", "GET, HEAD, OPTIONS"],
  ["PUT", "/api/events", "GET, HEAD, POST, DELETE, OPTIONS"],
  ["PATCH", "/api/events/", "GET, HEAD, POST, DELETE, OPTIONS"],
  ["POST", "/api/events/k3x9.1", "DELETE, OPTIONS"],
  ["GET", "/api/revocations", "POST, OPTIONS"],
  ["POST", "/api/connections", "GET, HEAD, OPTIONS"],
  ["PUT", "/ws/status", "GET, HEAD, OPTIONS"],
  ["POST", "/ws/stats", "GET, HEAD, OPTIONS"],
  ["POST", "/ws/health", "GET, HEAD, OPTIONS"],
  ["POST", "/ws/stream", "GET, HEAD, OPTIONS"],
  ["POST", "/live", "GET, HEAD, OPTIONS"],
  ["POST", "/", "GET, HEAD, OPTIONS"],
])("[H7] refuses %s %s and names the allowed methods", async (method, path, allow) => {
  const reply = await get(path, { method });
  expect([reply.status, reply.headers.get("Allow")]).toEqual([405, allow]);
  expect(await reply.json()).toMatchObject({ code: "method_not_allowed" });
});

it.each(["/nothing", "/ws", "/api/event", "/static/nothing.js"])("[H7] has nothing at %s", async (path) => {
  for (const method of ["GET", "POST", "DELETE", "OPTIONS"]) {
    const reply = await get(path, { method });
    expect([method, reply.status]).toEqual([method, 404]);
    expect(reply.headers.get("Content-Type")).toBe("application/problem+json");
    expect(await reply.json()).toMatchObject({ code: "not_found", detail: `No route matches ${path}.` });
  }
});

it.each([
  "/ws/status",
  "/ws/stats?channel=h",
  "/ws/health",
  "/health",
  "/api/events",
  "/api/connections",
  "/live",
  "/",
  "/nothing",
  "/ws/stats?channel=H",
])("[H13] answers HEAD %s as GET, without the body", async (path) => {
  const [got, head] = [await get(path), await get(path, { method: "HEAD" })];
  const headersOf = ({ headers }: Response) => [...headers].filter(([name]) => name !== "content-length");
  expect([head.status, headersOf(head)]).toEqual([got.status, headersOf(got)]);
  expect(await head.text()).toBe("");
});

it("redirects from / to the live page", async () => {
  const reply = await get("/");
  expect([reply.status, reply.headers.get("Location")]).toEqual([302, "http://hub.test/live"]);
});

it("[H15] serves a live page that may run only this server's scripts", async () => {
  const reply = await get("/live");
  expect(reply.status).toBe(200);
  expect(reply.headers.get("Content-Type")).toContain("text/html");
  const policy = reply.headers.get("Content-Security-Policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain("unsafe");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
  const html = await reply.text();
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|\bon\w+=|style=|https?:\/\//);
});

it('[H22] serves a page with every problem, to which the "type" of a refusal leads', async () => {
  const { type } = await (await get("/ws/status?channel=No!")).json<{ type: string }>();
  expect(type).toBe("/errors#bad_channel");
  const reply = await get(type);
  expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(reply.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; style-src 'self';/);
  const html = await reply.text();
  for (const code of Object.keys(PROBLEMS)) expect(html).toContain(`<section id="${code}">`);
  expect(html).not.toMatch(/<script|\bon\w+=|style=/);
});

it("[H15] serves README's page with a policy that names its one script, which is this server's client", async () => {
  const reply = await get("/examples/hello.html");
  expect([reply.status, reply.headers.get("Content-Type")]).toEqual([200, "text/html; charset=utf-8"]);
  const policy = reply.headers.get("Content-Security-Policy");
  expect(policy).toMatch(/default-src 'none'; script-src 'self' 'sha256-[\w+/]{43}='; connect-src 'self';/);
  expect(policy).not.toContain("unsafe");
  const html = await reply.text();
  expect(html).toContain('import { connect } from "/static/js/client.js";');
  expect(html).not.toMatch(/https?:\/\//);
});

it("[H16] refuses a bad channel at every route", async () => {
  for (const path of ["/ws/status", "/ws/stats", "/ws/health"]) {
    const reply = await get(`${path}?channel=No!`);
    expect([path, reply.status, (await reply.json<{ code: string }>()).code]).toEqual([path, 400, "bad_channel"]);
  }
});

it.each([
  "/live",
  "/errors",
  "/examples/hello.html",
  "/",
  "/health",
  "/ws/status",
  "/api/events",
  "/api/events?channel=No!",
  "/ws/stream",
  "/nothing",
])("[H17] forbids sniffing, framing and referrers of %s", async (path) => {
  const { headers } = await get(path);
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  expect(headers.get("Referrer-Policy")).toBe("no-referrer");
  expect(headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
});

it("[H17] does the same for static files, which the Worker does not serve", async () => {
  const { status, headers } = await env.ASSETS.fetch("http://hub.test/static/live.css");
  expect([status, headers.get("X-Content-Type-Options")]).toEqual([200, "nosniff"]);
  expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("Access-Control-Allow-Origin")).toBeNull();
});

it.each(["client.js", "reactor.js"])("[H17] lets pages of any origin load %s, also isolated ones", async (file) => {
  const { status, headers } = await env.ASSETS.fetch(`http://hub.test/static/js/${file}`, {
    headers: { Origin: "https://elsewhere.test" },
  });
  expect([status, headers.get("X-Content-Type-Options")]).toEqual([200, "nosniff"]);
  expect(headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
});
