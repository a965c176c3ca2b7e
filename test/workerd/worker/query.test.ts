import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { listen, post } from "../../support/workerd-listener.ts";

const ROUTES = ["/api/events", "/ws/stream", "/ws/status", "/ws/stats", "/ws/health"];

async function refused(reply: Response) {
  expect([reply.status, reply.headers.get("Content-Type")]).toEqual([400, "application/problem+json"]);
  return await reply.json<{ code: string; detail: string }>();
}

const get = (path: string) => exports.default.fetch(`http://hub.test${path}`, { headers: { Upgrade: "websocket" } });

it.each(ROUTES)("[H20] refuses an unknown parameter of %s, and suggests one", async (route) => {
  for (const name of ["chanel", "Channel", "channel[]"]) {
    const { code, detail } = await refused(await get(`${route}?${name}=two`));
    expect(code).toBe("unknown_parameter");
    expect(detail).toContain(`no parameter "${name}"; did you mean "channel"? It takes channel, `);
  }
  const { detail } = await refused(await get(`${route}?channel=a&order=desc`));
  expect(detail).toContain('no parameter "order". It takes channel');
});

it.each(ROUTES)("[H20] refuses a repeated parameter of %s", async (route) => {
  for (const name of ["channel", "token"]) {
    const { code, detail } = await refused(await get(`${route}?${name}=a&${name}=a`));
    expect([code, detail]).toEqual(["repeated_parameter", `"${name}" may be given once.`]);
  }
});

it.each([
  "/api/events?events[]=a",
  "/ws/stream?events[]=a",
  "/api/events?cursor=0.0",
  "/ws/stream?after=0.0",
  "/ws/stats?events=a",
  "/api/events?",
  "/api/events?=",
])("[H20] %s has the parameters of its route alone", async (path) => {
  const reply = await get(path);
  if (path.endsWith("?")) expect(reply.status).toBe(200);
  else expect(await refused(reply)).toMatchObject({ code: "unknown_parameter" });
});

it.each(["/api/events?limit=1&limit=2", "/api/events?after=0.0&after=0.0", "/ws/stream?cursor=0.0&cursor="])(
  "[H20] refuses %s",
  async (path) => {
    expect(await refused(await get(path))).toMatchObject({ code: "repeated_parameter" });
  },
);

it("[H20] refuses an emit with an unknown or repeated parameter, and stores nothing", async () => {
  for (const [query, code] of [
    ["?chanel=q", "unknown_parameter"],
    ["?channel=q&channel=q", "repeated_parameter"],
    ["?channel=q&token=a.b.c", "unknown_parameter"],
    ["?channel=q&events=a", "unknown_parameter"],
  ] as const) {
    expect(await refused(await post(query, { type: "a" }))).toMatchObject({ code });
  }
  for (const channel of ["q", "main"]) expect(await env.HUB.getByName(channel).status()).toMatchObject({ emitted: 0 });
});

it("[H20] answers a HEAD as the GET", async () => {
  const reply = await exports.default.fetch("http://hub.test/ws/status?x=1", { method: "HEAD" });
  expect([reply.status, await reply.text()]).toEqual([400, ""]);
});

it("[H20] joins repeated lists of patterns, on the stream and in history", async () => {
  const query = "?channel=joined&events=alpha&events=beta,b*";
  const { frame } = await listen(query);
  await frame();
  await post("?channel=joined", [{ type: "alpha" }, { type: "gamma" }, { type: "beta" }, { type: "b2" }]);
  expect((await frame()).events).toMatchObject([{ type: "alpha" }, { type: "beta" }, { type: "b2" }]);
  const page = await exports.default.fetch(`http://hub.test/api/events${query}`);
  expect(await page.json()).toMatchObject({ events: [{ type: "alpha" }, { type: "beta" }, { type: "b2" }] });
  const many = Array.from({ length: 65 }, (_, n) => `events=e${n}`).join("&");
  expect(await refused(await get(`/ws/stream?${many}`))).toMatchObject({ code: "bad_pattern" });
});

it.each(["/health?utm_source=x", "/health?a=1&a=2"])("[H20] ignores the query of %s", async (path) => {
  expect((await get(path)).status).toBe(200);
});

it("[H20] answers an unknown route as before", async () => {
  expect((await get("/api/nothing?x=1")).status).toBe(404);
});
