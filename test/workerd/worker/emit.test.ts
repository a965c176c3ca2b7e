import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import worker from "../../../src/worker/index.ts";
import { listen, post } from "../../support/workerd-listener.ts";

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

it("[H1] answers one event, and a batch, with their seqs", async () => {
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

it("[H1] accepts JSON without a Content-Type", async () => {
  const reply = await exports.default.fetch("http://hub.test/api/events?channel=untyped", {
    method: "POST",
    headers: { Authorization: "Bearer dev-key" },
    body: new TextEncoder().encode(JSON.stringify(valid)),
  });
  expect(reply.status).toBe(200);
});

it.each([
  ["an empty batch", "[]", 400, "empty_batch", undefined],
  ["a truncated document", '{"type":', 400, "bad_json", undefined],
  ["nothing", "", 400, "bad_json", undefined],
  ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), 400, "bad_json", undefined],
  ["a number", "7", 400, "bad_event", ""],
  ["an event without a type", '[{"type":"a"},{"data":{}}]', 400, "bad_event", "/1/type"],
  ["an unknown member", '[{"type":"a"},{"type":"a","payload":{}}]', 400, "unknown_field", "/1/payload"],
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
])("[H4] [E6] refuses %s, with a pointer, and stores nothing", async (_, body, status, code, pointer) => {
  expect(await refused(await send(body), "bad")).toMatchObject({ status, code, ...(pointer && { pointer }) });
});

it("[E6] refuses a body whose Content-Length is too long, whatever follows", async () => {
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

it("[E6] reads the rest of a body that is too long, so that its sender receives the refusal, but not for ever", async () => {
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  expect(await refused(await send(endless), "bad")).toMatchObject({ code: "body_too_large" });
  expect(sent).toBeLessThan(18 << 20);
});

it.each([
  "application/x-www-form-urlencoded",
  "text/plain",
  "text/json",
  "application/problem+json",
  "application/json; charset=utf-16",
  "application/x-ndjson; charset=iso-8859-1",
  "constructor",
])("[H12] refuses the Content-Type %j, and names what it accepts", async (type) => {
  const problem = await refused(await send("{}", { "Content-Type": type }), "bad");
  expect(problem).toMatchObject({
    type: "/errors#unsupported_media_type",
    title: "Unsupported Content-Type",
    status: 415,
    code: "unsupported_media_type",
  });
  expect(problem.detail).toContain(`not as ${type}`);
  expect(problem.detail).toContain("application/json, application/x-ndjson");
});

it("[H12] refuses a compressed body, and names the coding that it accepts", async () => {
  const reply = await send(new Uint8Array([0x1f, 0x8b, 8, 0]), { "Content-Encoding": "gzip" });
  expect([reply.status, reply.headers.get("Accept-Encoding")]).toEqual([415, "identity"]);
  expect(await refused(reply, "bad")).toMatchObject({ code: "unsupported_encoding" });
});

it("[H11] reports where JSON is invalid", async () => {
  const problem = await refused(await send('[{"type":"a"},\n {"type":"b",}]'), "bad");
  expect(problem).toMatchObject({ status: 400, code: "bad_json", line: 2, column: 14 });
  expect(problem.detail).toContain('line 2, column 14: expected a name in double quotes, found "}"');
});

it.each(["application/x-ndjson", "application/ndjson", "application/jsonl; charset=UTF-8"])(
  "[H10] accepts %s, one event per line",
  async (type) => {
    const body = '{"type":"a","data":1.0}\r\n\n{"type":"b"}';
    const reply = await send(body, { "Content-Type": type }, "?channel=lines");
    expect([reply.status, (await reply.json<{ events: object[] }>()).events.length]).toEqual([200, 2]);
  },
);

it("[H10] [E6] refuses all lines for one, and names it", async () => {
  const lines = ['{"type":"a"}', "", '{"type":"a","source":""}'];
  const type = { "Content-Type": "application/x-ndjson" };
  const problem = await refused(await send(lines.join("\n"), type), "bad");
  expect(problem).toMatchObject({ status: 400, code: "bad_event", pointer: "/1/source", line: 3 });
  const long = `{"type":"a"}\n{"type":"a","data":"${"x".repeat(262_144)}"}`;
  expect(await refused(await send(long, type), "bad")).toMatchObject({ status: 413, pointer: "/1", line: 2 });
});

it("[H3] refuses a wrong key before it reads the body", async () => {
  for (const authorization of ["Bearer wrong", "Basic ZGV2LWtleQ==", "Bearer", "dev-key"]) {
    const reply = await send("not even JSON", { Authorization: authorization });
    expect(reply.headers.get("WWW-Authenticate")).toBe("Bearer");
    expect(await refused(reply, "bad")).toMatchObject({ status: 401, code: "unauthorized" });
  }
});

it("[H3] says how to send the key where it is sent in another way", async () => {
  const begin = "Begin the Authorization header with `Bearer `, then the key or the token.";
  for (const Authorization of ["dev-key", "Basic ZGV2LWtleQ==", "Bearer", "Bearer two words", "Token dev-key"]) {
    const refusal = await refused(await send("{}", { Authorization }), "bad");
    expect([Authorization, refusal.detail]).toEqual([Authorization, begin]);
  }
  const init = { method: "POST", body: "{}", headers: { "X-API-Key": "dev-key" } };
  const refusal = await refused(await exports.default.fetch("http://hub.test/api/events?channel=bad", init), "bad");
  expect(refusal.detail).toBe("Send the key, or a token, as `Authorization: Bearer …`: X-API-Key is not read.");
});

it("[H3] [H8] answers so if no key is set, and if the reactor is switched off", async () => {
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

it("[H16] keeps channels apart that differ in case", async () => {
  for (const [channel, seq] of [
    ["user_2aBc:x", 1],
    ["user_2ABC:x", 1],
    ["user_2aBc:x", 2],
  ] as const) {
    const reply = await send(JSON.stringify(valid), {}, `?channel=${channel}`);
    expect(await reply.json()).toMatchObject({ events: [{ seq }] });
  }
});

it.each(["-a", "a b", "a".repeat(129), ""])("[H16] refuses the channel %j", async (channel) => {
  const reply = await send(JSON.stringify(valid), {}, `?channel=${encodeURIComponent(channel)}`);
  expect([reply.status, (await reply.json<{ code: string }>()).code]).toEqual([400, "bad_channel"]);
});

it.each([
  ["1e400", "1e400"],
  ["-1E+999", "-1E+999"],
  ["[12345678901234567890, 1.0, -0, 0.1234567890123456789]", "[12345678901234567890,1.0,-0,0.1234567890123456789]"],
  ['{"a":1,"a":2,"__proto__":{"a":3}}', '{"a":1,"a":2,"__proto__":{"a":3}}'],
  ['"\\ud800 \\u0430"', '"\\ud800 а"'],
  ['{\r\n\t"a" : [ ] }', '{"a":[]}'],
])("[E3] changes no value: %s", async (sent, kept) => {
  const channel = `?channel=${crypto.randomUUID()}`;
  const { frame } = await listen(channel, {});
  await frame();
  const { socket } = await listen(channel, {});
  const received = new Promise<string>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      if (String(data).startsWith('{"type":"a"')) resolve(String(data));
    });
  });
  for (const body of [`{"type":"a","data": ${sent} }`, `[{"data":0,"data":${sent},"type":"a"}]`]) {
    expect((await send(body, {}, channel)).status).toBe(200);
  }
  expect(await received).toContain(`"data":${kept},"source"`);
  const log = await (await exports.default.fetch(`http://hub.test/api/events${channel}`)).text();
  expect(log.split(`"data":${kept},"source"`)).toHaveLength(3);
});

it("[E3] refuses data that is nested too deeply, with a pointer", async () => {
  const nested = (depth: number) => `[{"type":"a"},{"type":"a","data":${"[".repeat(depth)}${"]".repeat(depth)}}]`;
  for (const depth of [501, 100_000]) {
    const problem = await refused(await send(nested(depth)), "bad");
    expect(problem).toMatchObject({ status: 400, code: "bad_event", pointer: "/1/data" });
  }
  expect((await send(nested(500), {}, "?channel=deep")).status).toBe(200);
  const bare = await refused(await send("[".repeat(2_000_000)), "bad");
  expect(bare).toMatchObject({ status: 400, code: "bad_json", column: 2_000_001 });
});

it("accepts a body with a byte order mark, and one in pieces", async () => {
  const bytes = new TextEncoder().encode('\ufeff{"type":"a","data":"é😀"}');
  const pieces = new ReadableStream({
    start(controller) {
      for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
      controller.close();
    },
  });
  expect((await send(pieces, {}, "?channel=bom")).status).toBe(200);
});

it("[E3] delivers any JSON to the subscriber as it was sent", async () => {
  const { frame } = await listen("?channel=any");
  await frame();
  const data = [null, true, 1e300, 'é"\\\u2028😀\ud800', { __proto__x: {}, constructor: [[]], "": 0 }];
  await post("?channel=any", { type: "a", data });
  expect((await frame()).events[0].data).toEqual(data);
});
