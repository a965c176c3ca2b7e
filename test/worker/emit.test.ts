import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../../src/worker/index.ts";
import { listen, post } from "../doubles/workerd-listener.ts";

const valid = { type: "news_processed" };

/** What a refusal says, and that nothing was stored for it. */
async function refused(reply: Response, channel: string) {
  expect(reply.headers.get("Content-Type")).toBe("application/problem+json");
  expect(await env.HUB.getByName(channel).status()).toMatchObject({ emitted: 0 });
  const body = await reply.json<{ title: string; status: number; code: string; detail: string; pointer?: string }>();
  expect(body.status).toBe(reply.status);
  return body;
}

function send(body: BodyInit | null, headers: Record<string, string> = {}, query = "?channel=bad"): Promise<Response> {
  return exports.default.fetch(`http://hub.test/api/events${query}`, {
    method: "POST",
    headers: { Authorization: "Bearer dev-key", "Content-Type": "application/json", ...headers },
    body,
  });
}

it("[H1] answers one event, and a batch, with their places", async () => {
  const one = await (await post("?channel=ok", valid)).json<{ cursor: string }>();
  expect(one).toEqual({
    cursor: expect.stringMatching(/^[a-z0-9]{8}\.1$/),
    events: [{ id: one.cursor, seq: 1, duplicate: false }],
  });
  const epoch = one.cursor.split(".")[0];
  expect(await (await post("?channel=ok", [valid, { type: "b", id: "mine" }])).json()).toEqual({
    cursor: `${epoch}.3`,
    events: [
      { id: `${epoch}.2`, seq: 2, duplicate: false },
      { id: "mine", seq: 3, duplicate: false },
    ],
  });
});

it("[H1] takes JSON whose type is not announced", async () => {
  const reply = await exports.default.fetch("http://hub.test/api/events?channel=untyped", {
    method: "POST",
    headers: { Authorization: "Bearer dev-key" },
    body: new TextEncoder().encode(JSON.stringify(valid)),
  });
  expect(reply.status).toBe(200);
});

it.each([
  ["an empty batch", "[]", 400, "empty_batch", undefined],
  ["half a document", '{"type":', 400, "bad_json", undefined],
  ["nothing", "", 400, "bad_json", undefined],
  ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), 400, "bad_json", undefined],
  ["a number", "7", 400, "bad_event", ""],
  ["an event without a type", '[{"type":"a"},{"data":{}}]', 400, "bad_event", "/1/type"],
  ["a reserved type", '[{"type":"a"},{"type":"a"},{"type":"reactor_x"}]', 400, "reserved_type", "/2/type"],
  ["1,001 events", JSON.stringify(Array(1_001).fill(valid)), 413, "batch_too_large", undefined],
  [
    "an event over 256 KiB",
    JSON.stringify([valid, { type: "a", data: "x".repeat(262_144) }]),
    413,
    "event_too_large",
    "/1",
  ],
  ["a body over 4 MiB", `"${"x".repeat(4 << 20)}"`, 413, "body_too_large", undefined],
])("[H3] [E6] refuses %s, says where, and stores nothing", async (_, body, status, code, pointer) => {
  expect(await refused(await send(body), "bad")).toMatchObject({ status, code, ...(pointer && { pointer }) });
});

it("[E6] refuses a body by its announced length before it reads it", async () => {
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1_024)) });
  const reply = await worker.fetch(
    new Request("http://hub.test/api/events?channel=bad", {
      method: "POST",
      headers: { Authorization: "Bearer dev-key", "Content-Length": "4194305" },
      body: endless,
    }) as Request<unknown, IncomingRequestCfProperties>,
    env,
    {} as ExecutionContext,
  );
  expect(await refused(reply, "bad")).toMatchObject({ code: "body_too_large" });
});

it("[E6] stops reading a body that does not announce its length when it grows too long", async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  expect(await refused(await send(endless), "bad")).toMatchObject({ code: "body_too_large" });
  expect(sent).toBeLessThan(16 << 20);
});

it("[H3] refuses what is not JSON by its type", async () => {
  const problem = await refused(await send("type=a", { "Content-Type": "application/x-www-form-urlencoded" }), "bad");
  expect(problem).toMatchObject({ title: "Unsupported Media Type", status: 415, code: "unsupported_media_type" });
  expect(problem.detail).toContain("application/x-www-form-urlencoded");
});

it("[H2] refuses a wrong key before it looks at the body", async () => {
  const problem = await refused(await send("not even JSON", { Authorization: "Bearer wrong" }), "bad");
  expect(problem).toMatchObject({ status: 401, code: "unauthorized" });
});

it("[H2] [H7] says so where no key is set, and where the reactor is switched off", async () => {
  const { HUB, ASSETS } = env;
  const ask = (vars: object) =>
    worker.fetch(
      new Request("http://hub.test/api/events?channel=bad", { method: "POST", body: "{}" }) as Request<
        unknown,
        IncomingRequestCfProperties
      >,
      { HUB, ASSETS, ...vars },
      {} as ExecutionContext,
    );
  expect(await refused(await ask({}), "bad")).toMatchObject({ status: 503, code: "emit_not_configured" });
  expect(await refused(await ask({ REACTOR_API_KEY: "k", REACTOR_ENABLED: "false" }), "bad")).toMatchObject({
    status: 503,
    code: "reactor_disabled",
  });
});

it.each(["Main", "-a", "a b", "a".repeat(65), ""])("[H9] refuses the channel %j", async (channel) => {
  const reply = await send(JSON.stringify(valid), {}, `?channel=${encodeURIComponent(channel)}`);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([400, "bad_channel"]);
});

it("[E3] brings any JSON to the reader as it was sent", async () => {
  const { frame } = await listen("?channel=any");
  await frame();
  const data = [null, true, 1e300, 'é"\\\u2028😀\ud800', { __proto__x: {}, constructor: [[]], "": 0 }];
  await post("?channel=any", { type: "a", data });
  expect((await frame()).events[0].data).toEqual(data);
});
