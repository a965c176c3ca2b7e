import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";
import { evict, listen, post } from "../../support/workerd-listener.ts";

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
  [{ type: "a,b" }, "/type"],
  [{ type: "" }, "/type"],
  [{ source: "" }, "/source"],
  [{ source: "user:me" }, "/source"],
  [{ id: "x".repeat(257) }, "/id"],
  [{ id: 7 }, "/id"],
])("[M3] applies the rules of every event to %j", async (attribute, pointer) => {
  const body = JSON.stringify({ ...required, ...attribute });
  expect(await refused(body, { "Content-Type": STRUCTURED })).toMatchObject({ code: "bad_event", pointer });
});

it("[M3] [E5] keeps a time as RFC 3339, and takes null as absent", async () => {
  const [old] = JSON.parse(await structured({ ...required, time: "2020-06-17 12:52:43Z" }));
  expect(old.timestamp).toBe("2020-06-17T12:52:43Z");
  const [now] = JSON.parse(await structured({ ...required, time: null }));
  expect(now.timestamp).toMatch(/^20\d\d-.*Z$/);
});

it.each(["yesterday", 7, {}, ""])("[M3] [E5] refuses the time %j, with a pointer to it", async (time) => {
  const problem = { status: 400, code: "bad_event", pointer: "/time" };
  expect(await refused(JSON.stringify({ ...required, time }), { "Content-Type": STRUCTURED })).toMatchObject(problem);
  expect(await refused("{}", { ...inHeaders, "ce-time": String(time) })).toMatchObject(problem);
});

const EXTENSIONS = {
  subject: 'é "quoted"',
  dataschema: "http://a/",
  datacontenttype: "application/json",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  n: -5,
  flag: false,
  "7": "",
};

it("[M4] keeps extensions as members of the event, on the stream, in replay and in history", async () => {
  const batch = [
    { ...required, ...EXTENSIONS, data: { n: 1 } },
    { ...required, id: "plain" },
  ];
  const live = await listen("?channel=ce-live");
  const legacy = await listen("?channel=ce-live", {});
  for (const { frame } of [live, legacy]) await frame();
  const sent = await exports.default.fetch("http://hub.test/api/events?channel=ce-live", {
    method: "POST",
    headers: { Authorization: "Bearer dev-key", "Content-Type": BATCH },
    body: JSON.stringify(batch),
  });
  expect(sent.status).toBe(200);
  const names = ["type", "data", "source", "timestamp", "id", "seq"];
  const { events } = (await live.frame()) as unknown as { events: [object, object] };
  expect(events[0]).toMatchObject({ ...EXTENSIONS, data: { n: 1 }, seq: 1 });
  expect(Object.keys(events[1])).toEqual(names);
  expect(await legacy.frame()).toMatchObject({ ...EXTENSIONS, seq: 1, cursor: expect.stringMatching(/\.1$/) });
  await evict("ce-live");
  const replay = await listen("?channel=ce-live&cursor=0.0");
  await replay.frame();
  expect((await replay.frame()).events).toEqual(events);
  const history = await exports.default.fetch("http://hub.test/api/events?channel=ce-live");
  expect(await history.json()).toMatchObject({ events });
});

it("[M4] keeps extensions behind seq, in the order in which they were sent", async () => {
  const text = await structured({ ...required, b: "1", time: "2018-04-05T17:31:00Z", subject: "s", a: true, x: null });
  expect(text).toContain('"seq":1,"b":"1","subject":"s","a":true}');
});

it("[M4] keeps the headers of binary mode as strings, and the Content-Type as datacontenttype", async () => {
  const headers = { ...inHeaders, "ce-subject": "a%20b", "CE-N": "5", "Content-Type": "text/plain; charset=utf-8" };
  const [event] = JSON.parse(await accepted("x", headers));
  expect(event).toMatchObject({ data: "x", subject: "a b", n: "5", datacontenttype: "text/plain; charset=utf-8" });
  expect(JSON.parse(await accepted("{}", inHeaders))[0]).not.toHaveProperty("datacontenttype");
});

it.each([
  [{ timestamp: "2018-04-05T17:31:00Z" }, "bad_event", "timestamp"],
  [{ seq: 1 }, "bad_event", "seq"],
  [{ cursor: "a.1" }, "bad_event", "cursor"],
  [{ subject: 5 }, "bad_event", "subject"],
  [{ dataschema: true }, "bad_event", "dataschema"],
  [{ datacontenttype: 5 }, "bad_event", "datacontenttype"],
  [{ n: 1.5 }, "bad_event", "n"],
  [{ n: 2 ** 53 }, "bad_event", "n"],
  [{ n: {} }, "bad_event", "n"],
  [{ n: ["a"] }, "bad_event", "n"],
  [{ dataContentType: "text/plain" }, "unknown_field", "dataContentType"],
  [{ "my-ext": "a" }, "unknown_field", "my-ext"],
  [JSON.parse('{"__proto__":"a"}'), "unknown_field", "__proto__"],
])("[M4] refuses %j", async (more, code, name) => {
  const problem = await refused(JSON.stringify([required, { ...required, id: "B", ...more }]), {
    "Content-Type": BATCH,
  });
  // A spread of __proto__ makes it a member, as in JSON.
  expect(problem).toMatchObject({ status: 400, code, pointer: `/1/${name}` });
});

it.each(["data", "data_base64", "datacontenttype", "timestamp", "seq"])(
  "[M4] refuses the header ce-%s",
  async (name) => {
    const problem = await refused("{}", { ...inHeaders, [`ce-${name}`]: "a" });
    expect(problem).toMatchObject({ code: "bad_event", pointer: `/${name}` });
  },
);

it("[M4] suggests the attribute that was meant", async () => {
  const problem = await refused(JSON.stringify({ ...required, dataContentType: "a" }), { "Content-Type": STRUCTURED });
  expect(problem.detail).toContain('did you mean "datacontenttype"?');
});

it("[M4] [I1] takes a retry with other extensions as a duplicate", async () => {
  const channel = "?channel=ce-retry";
  const first = await (await post(channel, { ...required, traceparent: "00", data: 1 })).json();
  expect(first).toMatchObject({ events: [{ seq: 1, duplicate: false }] });
  const again = await post(channel, [
    { ...required, traceparent: "01", subject: "s", data: 1 },
    { ...required, data: 1.0 },
  ]);
  expect(await again.json()).toMatchObject({ events: [{ duplicate: true }, { duplicate: true }] });
  expect((await post(channel, { ...required, traceparent: "00", data: 2 })).status).toBe(409);
});

it("[M4] [E6] counts extensions for the size of an event", async () => {
  const large = (bytes: number) => ({ ...required, data: "x".repeat(131_072), large: "y".repeat(bytes) });
  expect((await post("?channel=ce-large", large(130_000))).status).toBe(200);
  const refusal = await post("?channel=ce-large", large(131_072));
  expect(await refusal.json()).toMatchObject({ status: 413, code: "event_too_large" });
});

it("[M8] takes an object with specversion as a CloudEvent, whatever its Content-Type", async () => {
  const event = { ...required, time: "2018-04-05T17:31:00Z", subject: "s", data: { a: 1 } };
  const kept = { type: event.type, source: event.source, timestamp: event.time, subject: "s", data: { a: 1 } };
  expect(JSON.parse(await accepted(JSON.stringify(event), { "Content-Type": "application/json" }))).toMatchObject([
    kept,
  ]);
  const mixed = [{ type: "plain" }, event];
  expect(JSON.parse(await accepted(JSON.stringify(mixed), { "Content-Type": "application/json" }))).toMatchObject([
    { type: "plain", source: "system" },
    kept,
  ]);
  const lines = mixed.map((item) => JSON.stringify(item)).join("\n");
  expect(JSON.parse(await accepted(lines, { "Content-Type": "application/x-ndjson" }))).toMatchObject([{}, kept]);
});

it("[M8] [H10] refuses such an object as a CloudEvent, with its line", async () => {
  const headers = { "Content-Type": "application/x-ndjson" };
  const bad = `{"type":"a"}\n\n${JSON.stringify({ ...required, source: undefined })}`;
  const problem = await refused(bad, headers);
  expect(problem).toMatchObject({ code: "bad_event", pointer: "/1/source", line: 3 });
  expect(problem.detail).toMatch(/^Line 3: A CloudEvent has/);
  const type = `{"type":"a"}\n${JSON.stringify({ ...required, type: "echo" })}`;
  expect(await refused(type, headers)).toMatchObject({ code: "reserved_type", pointer: "/1/type", line: 2 });
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

it.each(["text/plain", "text/csv; charset=utf-8", "application/xml"])(
  "[M6] reads no bytes of %s as an empty text",
  async (type) => {
    expect(await accepted(null, { ...inHeaders, "Content-Type": type })).toContain('"data":"","source"');
    for (const data of [{ data: "" }, { data_base64: "" }]) {
      expect(await structured({ ...required, datacontenttype: type, ...data })).toContain('"data":"","source"');
    }
  },
);

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
