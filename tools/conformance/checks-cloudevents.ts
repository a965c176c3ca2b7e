// M: events as CloudEvents 1.0.
import type { Check } from "./check.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, type Json } from "./mismatch.ts";

const EVENT = { specversion: "1.0", id: "1", source: "s", type: "t" };
const HEADERS = { "ce-specversion": "1.0", "ce-id": "1", "ce-source": "s", "ce-type": "t" };

interface Sent {
  readonly content: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

const structured = (event: Json): Sent => ({
  content: JSON.stringify(event),
  headers: { "Content-Type": "application/cloudevents+json" },
});

const binary = (body: string | Uint8Array, more: Record<string, string> = {}): Sent => ({
  content: body,
  headers: { ...HEADERS, ...more },
});

/** What subscribers receive of a CloudEvent, each on a channel of its own. */
async function keptOf(hub: HubUnderTest, { content, headers }: Sent): Promise<Json> {
  const query = { channel: hub.freshChannel() };
  await hub.emit(content, { headers, query });
  return (await hub.log(query)).events[0];
}

const refusedOf = (hub: HubUnderTest, { content, headers }: Sent) => hub.post(content, { headers });

export const CLOUDEVENT_CHECKS: readonly Check[] = [
  {
    rule: "M1",
    description: "a CloudEvent is accepted structured, in a batch, and binary; other types of the family are 415",
    async run(hub) {
      await hub.emit(structured(EVENT).content, structured(EVENT));
      const batch = JSON.stringify([
        { ...EVENT, id: "2" },
        { ...EVENT, id: "3" },
      ]);
      await hub.emit(batch, { headers: { "Content-Type": "application/cloudevents-batch+json" } });
      const { content, headers } = binary('{"a":1}', { "ce-id": "4", "Content-Type": "application/json" });
      await hub.emit(content, { headers });
      expectEqual(
        "ids",
        (await hub.log()).events.map(({ id }: Json) => id),
        ["1", "2", "3", "4"],
      );
      for (const type of ["application/cloudevents+xml", "application/cloudevents"]) {
        const reply = await hub.post(batch, { headers: { "Content-Type": type } });
        expectRefusal(reply, { status: 415, code: "unsupported_media_type" });
      }
    },
  },
  {
    rule: "M2",
    description: "specversion is 1.0, and id, source and type are required; the pointer names the attribute",
    async run(hub) {
      for (const name of ["specversion", "id", "source", "type"] as const) {
        const refused = { status: 400, code: "bad_event", pointer: `/${name}` };
        expectRefusal(await refusedOf(hub, structured({ ...EVENT, [name]: undefined })), refused);
        expectRefusal(await refusedOf(hub, structured({ ...EVENT, [name]: null })), refused);
        const { [`ce-${name}` as const]: _, ...headers } = HEADERS;
        expectRefusal(await hub.post("{}", { headers: { ...headers, "Content-Type": "application/json" } }), refused);
      }
      const old = await refusedOf(hub, structured({ ...EVENT, specversion: "0.3" }));
      expectRefusal(old, { status: 400, code: "bad_event", pointer: "/specversion" });
    },
  },
  {
    rule: "M3",
    description: "type, source and id keep their names and limits; time becomes timestamp",
    async run(hub) {
      const time = "2026-11-21T12:00:00.5Z";
      const expected = { type: "t", source: "s", id: "1", timestamp: time };
      expectLike("an event", await keptOf(hub, structured({ ...EVENT, time })), expected);
      expectLike("an event", await keptOf(hub, binary("", { "ce-time": time })), expected);
      const old = structured({ ...EVENT, time: "2020-06-17 12:52:43Z" });
      expectLike("an event", await keptOf(hub, old), { timestamp: "2020-06-17T12:52:43Z" });
      const untimely = { status: 400, code: "bad_event", pointer: "/time" };
      expectRefusal(await refusedOf(hub, structured({ ...EVENT, time: "yesterday" })), untimely);
      expectRefusal(await refusedOf(hub, binary("", { "ce-time": "yesterday" })), untimely);
      const bad = await refusedOf(hub, structured({ ...EVENT, type: "a,b" }));
      expectRefusal(bad, { status: 400, code: "bad_event", pointer: "/type" });
      const reserved = await refusedOf(hub, structured({ ...EVENT, type: "echo" }));
      expectRefusal(reserved, { status: 400, code: "reserved_type", pointer: "/type" });
    },
  },
  {
    rule: "M4",
    description: "subject, dataschema, datacontenttype and extensions are kept as members, and collisions refused",
    async run(hub) {
      const more = { subject: "x", dataschema: "urn:x", datacontenttype: "application/json", extension: "x" };
      const sent = structured({ ...EVENT, ...more, flag: true, n: -7, none: null, data: 1 });
      const kept = await keptOf(hub, sent);
      expectLike("an event", kept, { ...more, flag: true, n: -7, data: 1 });
      expectTrue("no member that was null", !Object.hasOwn(kept, "none") && !Object.hasOwn(kept, "specversion"), kept);
      const headers = { "ce-subject": "x", "ce-n": "7", "Content-Type": "text/plain" };
      expectLike("an event", await keptOf(hub, binary("", headers)), {
        subject: "x",
        n: "7",
        datacontenttype: "text/plain",
      });
      const { socket } = await hub.listen();
      await hub.emit(sent.content, sent);
      expectLike("an event on the stream", await socket.events(1), [{ ...more, flag: true, n: -7 }]);
      const retry = structured({ ...EVENT, subject: "another", data: 1 });
      expectLike("a retry", await hub.emit(retry.content, retry), { events: [{ duplicate: true }] });
      for (const [name, value] of Object.entries({ timestamp: "x", seq: 1, cursor: "x", subject: 1, n: 1.5, o: {} })) {
        const refused = { status: 400, code: "bad_event", pointer: `/${name}` };
        expectRefusal(await refusedOf(hub, structured({ ...EVENT, [name]: value })), refused);
      }
      const misspelt = await refusedOf(hub, structured({ ...EVENT, dataContentType: "x" }));
      expectRefusal(misspelt, { status: 400, code: "unknown_field", pointer: "/dataContentType" });
    },
  },
  {
    rule: "M5",
    description: "data is kept as it is; {} if absent",
    async run(hub) {
      for (const data of [{ a: [1] }, "text", 0, null, false]) {
        expectEqual("data", (await keptOf(hub, structured({ ...EVENT, data }))).data, data);
      }
      expectEqual("data", (await keptOf(hub, structured(EVENT))).data, {});
    },
  },
  {
    rule: "M6",
    description: "bytes become data by their type; data and data_base64 together are refused",
    async run(hub) {
      const json = new TextEncoder().encode('{"a":"é"}');
      const text = new TextEncoder().encode("é<");
      const raw = new Uint8Array([0, 255, 1]);
      const asBytes = (type: string) => ({ datacontenttype: type, data_base64: "AP8B" });
      const table: [Uint8Array, string, unknown][] = [
        [json, "application/json", { a: "é" }],
        [json, "text/json", { a: "é" }],
        [json, "application/x+json", { a: "é" }],
        [text, "text/plain", "é<"],
        [text, "application/xml", "é<"],
        [text, "image/svg+xml", "é<"],
        [raw, "image/png", asBytes("image/png")],
        [new Uint8Array(), "image/png", {}],
        [new Uint8Array(), "text/plain", ""],
      ];
      for (const [bytes, type, data] of table) {
        expectEqual(`${type} as body`, (await keptOf(hub, binary(bytes, { "Content-Type": type }))).data, data);
        const coded = { ...EVENT, datacontenttype: type, data_base64: Buffer.from(bytes).toString("base64") };
        expectEqual(`${type} in base64`, (await keptOf(hub, structured(coded))).data, data);
      }
      expectEqual("a body without a type", (await keptOf(hub, binary(json))).data, { a: "é" });
      const untyped = await keptOf(hub, structured({ ...EVENT, data_base64: "AP8B" }));
      expectEqual("bytes without a type", untyped.data?.data_base64, "AP8B");
      const both = await refusedOf(hub, structured({ ...EVENT, data: 1, data_base64: "AP8B" }));
      expectRefusal(both, { status: 400, code: "bad_event" });
    },
  },
  {
    rule: "M7",
    description: "a ce- header loses its quotes, then is percent-decoded once; invalid UTF-8 is refused",
    async run(hub) {
      const table = { "a%20b": "a b", "%C3%A9": "é", '"a\\"b"': 'a"b', "%2541": "%41", plain: "plain" };
      for (const [header, source] of Object.entries(table)) {
        expectEqual(`ce-source ${header}`, (await keptOf(hub, binary("", { "ce-source": header }))).source, source);
      }
      const bad = await refusedOf(hub, binary("", { "ce-source": "%FF" }));
      expectRefusal(bad, { status: 400, code: "bad_event", pointer: "/source" });
    },
  },
  {
    rule: "M8",
    description: "an object with specversion is a CloudEvent as plain JSON too, its time kept",
    async run(hub) {
      const event = { ...EVENT, time: "2020-01-01T00:00:00Z", extension: "x" };
      const expected = { source: "s", timestamp: "2020-01-01T00:00:00Z", extension: "x" };
      for (const type of ["application/json", "application/x-ndjson"]) {
        const content = JSON.stringify(event);
        expectLike("an event", await keptOf(hub, { content, headers: { "Content-Type": type } }), expected);
      }
      const bad = await hub.post([{ type: "t" }, { ...event, source: undefined }]);
      expectRefusal(bad, { status: 400, code: "bad_event", pointer: "/1/source" });
    },
  },
];
