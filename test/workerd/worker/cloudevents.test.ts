import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";

const STRUCTURED = "application/cloudevents+json";
const BATCH = "application/cloudevents-batch+json";
const required = { specversion: "1.0", type: "com.example.made", source: "/mycontext", id: "A234" };
const inHeaders = {
  "ce-specversion": "1.0",
  "ce-type": "com.example.made",
  "ce-source": "/mycontext",
  "ce-id": "A234",
};

let channels = 0;
/** A new channel for each emit, so that its log has only that emit. */
async function emit(body: BodyInit | null, headers: Record<string, string>) {
  const channel = `ce${channels++}`;
  const reply = await exports.default.fetch(`http://hub.test/api/events?channel=${channel}`, {
    method: "POST",
    headers: { Authorization: "Bearer dev-key", ...headers },
    body: typeof body === "string" ? new TextEncoder().encode(body) : body, // a string would bring its own Content-Type
  });
  return { reply, channel };
}

/** The events that subscribers then receive, as text. */
async function accepted(body: BodyInit | null, headers: Record<string, string>): Promise<string> {
  const { reply, channel } = await emit(body, headers);
  expect([reply.status, await reply.text()]).toEqual([200, expect.any(String)]);
  const page = await (await exports.default.fetch(`http://hub.test/api/events?channel=${channel}`)).text();
  return page.slice(page.indexOf('"events":') + '"events":'.length, -1);
}

async function refused(body: BodyInit | null, headers: Record<string, string>) {
  const { reply, channel } = await emit(body, headers);
  expect(await env.HUB.getByName(channel).status()).toMatchObject({ emitted: 0 });
  return await reply.json<{ status: number; code: string; pointer?: string; detail: string }>();
}

const structured = (event: object) => accepted(JSON.stringify(event), { "Content-Type": STRUCTURED });

it("[M1] [M3] accepts one in structured mode", async () => {
  const event = { ...required, time: "2018-04-05T17:31:00Z", data: { appinfoA: "abc" } };
  expect(JSON.parse(await structured(event))).toEqual([
    {
      type: "com.example.made",
      data: { appinfoA: "abc" },
      source: "/mycontext",
      timestamp: "2018-04-05T17:31:00Z",
      id: "A234",
      seq: 1,
    },
  ]);
});

it("[M1] accepts a batch, whole or not at all, and names the one that is wrong", async () => {
  const batch = [
    { ...required, data: 1 },
    { ...required, id: "B", type: "b" },
  ];
  const headers = { "Content-Type": `${BATCH}; charset=UTF-8` };
  expect(JSON.parse(await accepted(JSON.stringify(batch), headers))).toMatchObject([
    { id: "A234", data: 1 },
    { id: "B", data: {}, type: "b" },
  ]);
  const bad = [...batch, { ...required, type: "reactor_x" }];
  expect(await refused(JSON.stringify(bad), headers)).toMatchObject({ code: "reserved_type", pointer: "/2/type" });
  expect(await refused(JSON.stringify(required), headers)).toMatchObject({ code: "bad_event", pointer: "" });
  expect(await refused("[]", headers)).toMatchObject({ status: 400, code: "empty_batch" });
});

it("[M1] [M3] [M5] accepts one in binary mode: headers are its attributes, the body is its data", async () => {
  const body = '{"n": [1.0, 12345678901234567890]}';
  const headers = { ...inHeaders, "ce-time": "2018-04-05T17:31:00Z", "Content-Type": "application/json" };
  const event = await accepted(body, headers);
  expect(JSON.parse(event)).toMatchObject([
    { type: "com.example.made", source: "/mycontext", id: "A234", timestamp: "2018-04-05T17:31:00Z", seq: 1 },
  ]);
  expect(event).toContain('"data":{"n":[1.0,12345678901234567890]}');
});

it("[M1] refuses formats that it cannot read", async () => {
  for (const type of ["application/cloudevents", "application/cloudevents+avro", "application/cloudevents-batch+xml"]) {
    expect(await refused("x", { ...inHeaders, "Content-Type": type })).toMatchObject({
      status: 415,
      code: "unsupported_media_type",
    });
  }
});

it.each(["specversion", "id", "source", "type"] as const)("[M2] refuses one without %s, and names it", async (name) => {
  const { [name]: _, ...rest } = required;
  for (const event of [rest, { ...required, [name]: null }]) {
    const problem = await refused(JSON.stringify([required, event]), { "Content-Type": BATCH });
    expect(problem).toMatchObject({ status: 400, code: "bad_event", pointer: `/1/${name}` });
    expect(problem.detail).toContain(`"${name}" is missing`);
  }
  const { [`ce-${name}` as const]: __, ...headers } = inHeaders;
  expect(await refused("{}", headers)).toMatchObject({ status: 400, code: "bad_event", pointer: `/${name}` });
});

it.each(["0.3", "1", "1.0.2", "", 1])("[M2] refuses the specversion %j", async (specversion) => {
  const body = JSON.stringify({ ...required, specversion });
  const problem = { code: "bad_event", pointer: "/specversion" };
  expect(await refused(body, { "Content-Type": STRUCTURED })).toMatchObject(problem);
  expect(await refused("{}", { ...inHeaders, "ce-specversion": String(specversion) })).toMatchObject(
    specversion === "" ? { code: "bad_event" } : problem,
  );
});

it("[M2] refuses what is no object", async () => {
  for (const body of ["[]", "7", "null", JSON.stringify([required])]) {
    expect(await refused(body, { "Content-Type": STRUCTURED })).toMatchObject({ code: "bad_event", pointer: "" });
  }
  expect(await refused('{"specversion":', { "Content-Type": STRUCTURED })).toMatchObject({ code: "bad_json", line: 1 });
});

it.each([
  [{ type: "a b" }, "/type"],
  [{ type: "" }, "/type"],
  [{ source: "" }, "/source"],
  [{ source: "user:me" }, "/source"],
  [{ id: "x".repeat(257) }, "/id"],
  [{ id: 7 }, "/id"],
])("[M3] applies the rules of every event to %j", async (attribute, pointer) => {
  const body = JSON.stringify({ ...required, ...attribute });
  expect(await refused(body, { "Content-Type": STRUCTURED })).toMatchObject({ code: "bad_event", pointer });
});

it("[M3] replaces an invalid time, or null, by the hub's time", async () => {
  for (const time of ["yesterday", null, 7]) {
    const [event] = JSON.parse(await structured({ ...required, time }));
    expect(event.timestamp).toMatch(/^20\d\d-.*Z$/);
  }
});

it("[M4] drops the attributes that an event does not have", async () => {
  const more = { subject: "s", dataschema: "http://a/", datacontenttype: "application/json", traceparent: "00", n: 5 };
  const [event] = JSON.parse(await structured({ ...required, ...more, data: {} }));
  expect(Object.keys(event)).toEqual(["type", "data", "source", "timestamp", "id", "seq"]);
  const [other] = JSON.parse(await accepted("{}", { ...inHeaders, "ce-subject": "%zz", "ce-traceparent": "00" }));
  expect(Object.keys(other)).toEqual(["type", "data", "source", "timestamp", "id", "seq"]);
});

it("[M5] keeps data as it is, whatever its datacontenttype", async () => {
  for (const data of [null, 0, "I'm just a string", '{"a":1}', [], { a: { b: [] } }]) {
    for (const datacontenttype of [undefined, "application/json", "application/xml"]) {
      const [event] = JSON.parse(await structured({ ...required, data, datacontenttype }));
      expect(event.data).toEqual(data);
    }
  }
});

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff]);

it.each([
  ["application/json", '{"a": 1.0}', '{"a":1.0}'],
  ["application/vnd.api+json; charset=utf-8", " [1e400] ", "[1e400]"],
  ["text/plain", 'a "b" é\n', '"a \\"b\\" é\\n"'],
  ["text/json", "7", "7"],
  ["application/xml", '<much wow="xml"/>', '"<much wow=\\"xml\\"/>"'],
  ["image/svg+xml;charset=us-ascii", "<svg/>", '"<svg/>"'],
  ["image/png", PNG, '{"datacontenttype":"image/png","data_base64":"iVBORwD/"}'],
  ["application/x-ndjson", "{}\n{}", '{"datacontenttype":"application/x-ndjson","data_base64":"e30Ke30="}'],
] as const)("[M6] reads bytes of %s the same in both modes", async (type, body, data) => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const data_base64 = btoa(String.fromCharCode(...bytes));
  expect(await accepted(bytes, { ...inHeaders, "Content-Type": type })).toContain(`"data":${data},"source"`);
  expect(await structured({ ...required, datacontenttype: type, data_base64 })).toContain(`"data":${data},"source"`);
});

it("[M6] reads a body without a type as JSON, bytes without one as bytes, and none as no data", async () => {
  expect(await accepted('{"a":1}', inHeaders)).toContain('"data":{"a":1}');
  const untyped = await structured({ ...required, data_base64: "e30=" });
  expect(untyped).toContain('"data":{"datacontenttype":null,"data_base64":"e30="}');
  expect(await accepted(null, { ...inHeaders, "Content-Type": "application/json" })).toContain('"data":{},');
  expect(await structured({ ...required, data_base64: "", datacontenttype: "image/png" })).toContain('"data":{},');
});

it.each([
  [{ data_base64: "%%%" }, "bad_event"],
  [{ data_base64: 7 }, "bad_event"],
  [{ data_base64: "e30=", data: {} }, "bad_event"],
  [{ data_base64: "e30=", data: null }, "bad_event"],
  [{ data_base64: "e3s=", datacontenttype: "application/json" }, "bad_event"],
  [{ data_base64: "/w==", datacontenttype: "text/plain" }, "bad_event"],
  [{ data_base64: "6Q==", datacontenttype: "text/plain; charset=iso-8859-1" }, "bad_event"],
])("[M6] refuses %j", async (data, code) => {
  const body = JSON.stringify([{ ...required, ...data }]);
  expect(await refused(body, { "Content-Type": BATCH })).toMatchObject({ code, pointer: "/0/data_base64" });
});

it("[M6] reports where a body does not match its type", async () => {
  const json = { ...inHeaders, "Content-Type": "application/json" };
  expect(await refused('{"a":\n}', json)).toMatchObject({ status: 400, code: "bad_json", line: 2, column: 1 });
  const text = { ...inHeaders, "Content-Type": "text/plain" };
  expect(await refused(PNG, text)).toMatchObject({ status: 400, code: "bad_event", pointer: "/data" });
  const latin = { ...inHeaders, "Content-Type": "text/plain; charset=iso-8859-1" };
  expect(await refused(PNG, latin)).toMatchObject({ status: 415, code: "unsupported_media_type" });
});

it("[E6] refuses a body that is too large once it is an event", async () => {
  const png = { ...inHeaders, "Content-Type": "image/png" };
  expect(await refused(new Uint8Array(200_000), png)).toMatchObject({ status: 413, code: "event_too_large" });
});

it.each([
  ["/Euro%20%E2%82%AC%20%f0%9f%98%80", "/Euro € 😀"],
  ["%2Fa%2fb", "/a/b"],
  ["%2525", "%25"],
  ['"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
  ['"a%20b"', "a b"],
  ["a+b", "a+b"],
])("[M7] reads the header value %s", async (header, source) => {
  const [event] = JSON.parse(await accepted("{}", { ...inHeaders, "ce-source": header }));
  expect(event.source).toBe(source);
});

it.each(["%C0%A0", "%ED%A0%80", "%E2%82", "100%", "%zz"])("[M7] refuses the header value %s", async (header) => {
  const problem = await refused("{}", { ...inHeaders, "ce-id": header });
  expect(problem).toMatchObject({ status: 400, code: "bad_event", pointer: "/id" });
});
