import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { columnsOf } from "../../../src/hub/draft-columns.ts";
import { draftOf } from "../../support/drafts.ts";
import { listen } from "../../support/workerd-listener.ts";

function upgrade(query: string, headers: Record<string, string> = {}): Promise<Response> {
  return exports.default.fetch(`http://hub.test/ws/stream${query}`, { headers: { Upgrade: "websocket", ...headers } });
}

it("[S1] chooses reactor.v1 among the offered subprotocols", async () => {
  const { reply, frame } = await listen("?channel=s", {
    "Sec-WebSocket-Protocol": "other, reactor.v1 , another",
  });
  expect([reply.status, reply.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, "reactor.v1"]);
  expect((await frame()).data).toHaveProperty("retry");
});

it("[S1] speaks the legacy dialect to a client that offers no subprotocol", async () => {
  const { reply, frame } = await listen("?channel=s", {});
  expect([reply.status, reply.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, null]);
  expect((await frame()).data).not.toHaveProperty("retry");
});

it("accepts no rights from a client's headers", async () => {
  const forged = JSON.stringify({ channel: "other", dialect: "legacy", asked: null, allowed: null, cursor: null });
  const { frame } = await listen("?channel=s", { "Sec-WebSocket-Protocol": "reactor.v1", "Reactor-Attach": forged });
  expect((await frame()).data).toMatchObject({ channel: "s", heartbeat_ms: 25_000 });
});

it("[S7] refuses a request that is no upgrade", async () => {
  const reply = await exports.default.fetch("http://hub.test/ws/stream");
  expect([reply.status, reply.headers.get("Upgrade")]).toEqual([426, "websocket"]);
  expect(await reply.json()).toMatchObject({ code: "upgrade_required" });
});

it.each([
  ["?channel=N%20O", "bad_channel"],
  ["?events=news%09x", "bad_pattern"],
  ["?events=%E9", "bad_pattern"],
  [`?events=${Array.from({ length: 64 }, (_, n) => `${n}`.padEnd(128, "x")).join(",")}`, "bad_pattern"],
  ["?cursor=k3x9", "bad_cursor"],
  ["?last=0", "bad_limit"],
  ["?last=1001", "bad_limit"],
  ["?last=x", "bad_limit"],
  ["?last=", "bad_limit"],
  ["?last=1&cursor=k3x9.1", "conflicting_parameters"],
  ["?cursor=k3x9.01", "bad_cursor"],
  [`?events=${Array(65).fill("a").join(",")}`, "bad_pattern"],
])("[S8] [S10] [S11] [H16] refuses %s", async (query, code) => {
  const reply = await upgrade(query);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([400, code]);
  const { frame, closed } = await listen(query);
  const error = await frame();
  expect(error).toMatchObject({ type: "reactor_error", data: { code, close: 4500 } });
  expect(await closed).toMatchObject({ code: 4500 });
});

it("[S13] takes patterns beside the dialect that a URL has no room for, and never echoes them", async () => {
  const patterns = Array.from({ length: 31 }, (_, n) => `${n}${"日".repeat(80)}`);
  const bytes = new TextEncoder().encode(patterns.join(","));
  const listed = `reactor.events.${btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (char) => ({ "+": "-", "/": "_" })[char] ?? "")}`;
  const { reply, frame } = await listen("?channel=many&events=Order%20*", {
    "Sec-WebSocket-Protocol": `reactor.v1, ${listed}`,
  });
  expect(reply.headers.get("Sec-WebSocket-Protocol")).toBe("reactor.v1");
  await frame();
  for (const type of ["other", "Order Completed", patterns[7]]) {
    await env.HUB.getByName("many").emit(columnsOf([draftOf({ type })]));
  }
  const types: string[] = [];
  while (types.length < 2) {
    const { events } = (await frame()) as unknown as { events: readonly { type: string }[] };
    types.push(...events.map(({ type }) => type));
  }
  expect(types).toEqual(["Order Completed", patterns[7]]);
});

it.each(["reactor.events.%", "reactor.events._w", "reactor.events.YQli"])("[S13] refuses %s", async (listed) => {
  const { frame } = await listen("?channel=many", { "Sec-WebSocket-Protocol": `reactor.v1, ${listed}` });
  expect(await frame()).toMatchObject({ type: "reactor_error", data: { code: "bad_pattern", close: 4500 } });
});

it("[S12] tells a v1 socket why it was refused, which a browser could not see", async () => {
  const { reply, frame, closed } = await listen("?chanel=chat");
  expect([reply.status, reply.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, "reactor.v1"]);
  const message =
    'This route has no parameter "chanel"; did you mean "channel"? It takes channel, events, cursor, last, token.';
  const data = { code: "unknown_parameter", message, ref: null, close: 4500 };
  expect(await frame()).toEqual({ type: "reactor_error", data });
  expect(await closed).toEqual({ code: 4500, reason: message });
});
