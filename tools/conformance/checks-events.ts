// E: events.
import type { Check } from "./check.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { expectEqual, expectTrue, type Json, seqOf } from "./mismatch.ts";
import type { Reply } from "./reply.ts";

const KIB = 1024;

/** As JSON text, since numbers that JavaScript cannot represent must stay as they were written. */
const WRITTEN = ["1e400", "12345678901234567890", "1.0", "-0", '{"a":[null,true,"\\u0000"]}', "[]", '""', "null"];

const nested = (depth: number) => `{"type":"t","data":${"[".repeat(depth)}${"]".repeat(depth)}}`;

/** A server may refuse before it has read the whole body; then the rest breaks the connection before the refusal is read. */
async function postHeavy(hub: HubUnderTest, events: unknown, tries = 8): Promise<Reply> {
  try {
    return await hub.post(events);
  } catch (error) {
    if (tries === 1) throw error;
    return postHeavy(hub, events, tries - 1);
  }
}

export const EVENT_CHECKS: readonly Check[] = [
  {
    rule: "E1",
    description: "a type is 1 to 256 bytes without control characters, commas and *, and without a space at either end",
    async run(hub) {
      const good = [
        "a",
        "x".repeat(256),
        "AZaz09_.:/-",
        "Order Completed",
        "https://example.org/ns#Create",
        "é".repeat(128),
        'a"\\',
      ];
      const { events } = await hub.emit(good.map((type) => ({ type })));
      expectEqual("entries of the receipt", events.length, good.length);
      for (const type of [
        "",
        "x".repeat(257),
        "é".repeat(129),
        "a,b",
        " a",
        "a ",
        "a\u0085",
        "a\n",
        "a*",
        1,
        null,
        undefined,
      ]) {
        expectRefusal(await hub.post({ type }), { status: 400, code: "bad_event", pointer: "/type" });
      }
      const kept = (await hub.log()).events.map(({ type }: Json) => type);
      expectEqual("types in the log", kept, good);
    },
  },
  {
    rule: "E2",
    description: "echo, reactor_* and websocket_* are refused",
    async run(hub) {
      for (const type of ["echo", "reactor_heartbeat", "reactor_x", "websocket_connected"]) {
        expectRefusal(await hub.post({ type }), { status: 400, code: "reserved_type", pointer: "/type" });
      }
    },
  },
  {
    rule: "E3",
    description: "data is any JSON value, nested up to 500 deep, and is received as it was written",
    async run(hub) {
      await hub.emit(`[${WRITTEN.map((data) => `{"type":"t","data": ${data} }`).join()},{"type":"t"}]`);
      const { text } = await hub.ask("GET", "/api/events");
      const { socket } = await hub.listen({ cursor: "0.0" });
      const frame = await socket.text();
      for (const data of [...WRITTEN, "{}"]) {
        expectTrue(`"data":${data} in the log`, text.includes(`"data":${data},`), text);
        expectTrue(`"data":${data} in a frame`, frame.includes(`"data":${data},`), frame);
      }
      await hub.emit(nested(500));
      expectRefusal(await hub.post(nested(501)), { status: 400, code: "bad_event", pointer: "/data" });
    },
  },
  {
    rule: "E4",
    description: "source and id are 1 to 256 bytes; if absent, source is `system` and id the cursor",
    async run(hub) {
      const { cursor } = await hub.emit({ type: "t" });
      const [event] = (await hub.log()).events;
      expectEqual("source and id", [event.source, event.id], ["system", cursor]);
      await hub.emit({ type: "t", source: "é".repeat(128), id: "x".repeat(256) });
      for (const bad of ["", "é".repeat(129), 7, null]) {
        for (const name of ["source", "id"]) {
          const reply = await hub.post({ type: "t", [name]: bad });
          expectRefusal(reply, { status: 400, code: "bad_event", pointer: `/${name}` });
        }
      }
      const posing = await hub.post({ type: "t", source: "user:me" });
      expectRefusal(posing, { status: 400, code: "bad_event", pointer: "/source" });
    },
  },
  {
    rule: "E5",
    description: "a timestamp is kept as RFC 3339, a malformed one is refused, and none affects the order",
    async run(hub) {
      const table = {
        "2031-01-02T03:04:05.678Z": "2031-01-02T03:04:05.678Z",
        "2026-11-21T12:00:00+01:00": "2026-11-21T12:00:00+01:00",
        "1999-12-31T23:59:59": "1999-12-31T23:59:59Z",
        "2026-11-21T12:00Z": "2026-11-21T12:00:00Z",
        "2026-11-21T12:00:00+0000": "2026-11-21T12:00:00+00:00",
        "2020-06-17 12:52:43z": "2020-06-17T12:52:43Z",
        "2024-02-29t00:00:00.123456789Z": "2024-02-29T00:00:00.123456789Z",
        "2026-11-21T12:00:00,5Z": "2026-11-21T12:00:00.5Z",
        "2026-11-21T12:00:00-05": "2026-11-21T12:00:00-05:00",
        "20261121T120000Z": "2026-11-21T12:00:00Z",
        "2016-12-31T18:59:60-05:00": "2016-12-31T18:59:60-05:00",
      };
      await hub.emit([...Object.keys(table).map((timestamp) => ({ type: "t", timestamp })), { type: "t" }]);
      const times = (await hub.log()).events.map(({ timestamp }: Json) => timestamp);
      expectEqual("timestamps that were kept", times.slice(0, -1), Object.values(table));
      expectTrue("a timestamp of the hub", /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(times.at(-1)), times.at(-1));
      const bad = [
        "yesterday",
        "",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-21",
        "2026-11-21T24:00:00Z",
        "2026-11-21T12:00:60Z",
        "1795262400",
        1_795_262_400,
        null,
        {},
      ];
      for (const timestamp of bad) {
        const reply = await hub.post([{ type: "t" }, { type: "t", timestamp }]);
        expectRefusal(reply, { status: 400, code: "bad_event", pointer: "/1/timestamp" });
      }
    },
  },
  {
    rule: "E7",
    description: "an unknown member is refused, at every entry point, and the detail names the one that was meant",
    async run(hub) {
      const table = { payload: "data", dta: "data", Type: "type", time: "timestamp" };
      for (const [name, meant] of Object.entries(table)) {
        const refused = { status: 400, code: "unknown_field", pointer: `/1/${name}` };
        const events = [{ type: "t" }, { type: "t", [name]: "x" }];
        const lines = events.map((event) => JSON.stringify(event)).join("\n");
        const reply = await hub.post(events);
        expectRefusal(reply, refused);
        expectTrue(`a detail that names ${meant}`, reply.body.detail.includes(`"${meant}"`), reply.body.detail);
        expectRefusal(await hub.post(lines, { headers: { "Content-Type": "application/x-ndjson" } }), refused);
      }
      for (const name of ["extra", "seq", "cursor", "channel"]) {
        const refused = { status: 400, code: "unknown_field", pointer: `/${name}` };
        expectRefusal(await hub.post({ type: "t", [name]: null }), refused);
      }
      for (const name of ["timestamp", "id", "source"]) {
        const refused = { status: 400, code: "bad_event", pointer: `/${name}` };
        expectRefusal(await hub.post({ type: "t", [name]: null }), refused);
      }
      await hub.emit({ type: "t" });
      expectEqual("events in the log", (await hub.log()).events.length, 1);
    },
  },
  {
    rule: "E6",
    description: "an event takes at most 256 KiB, a request 1,000 events and 4 MiB; the refusal names the event",
    async run(hub) {
      await hub.emit({ type: "t", data: "x".repeat(255 * KIB) });
      const large = { type: "t", data: "x".repeat(256 * KIB) };
      expectRefusal(await hub.post([{ type: "t" }, large]), { status: 413, code: "event_too_large", pointer: "/1" });
      const many = Array.from({ length: 1_001 }, () => ({ type: "t" }));
      expectRefusal(await hub.post(many), { status: 413, code: "batch_too_large" });
      const heavy = Array.from({ length: 17 }, () => ({ type: "t", data: "x".repeat(250 * KIB) }));
      expectRefusal(await postHeavy(hub, heavy), { status: 413, code: "body_too_large" });
      const { cursor } = await hub.emit(many.slice(1));
      expectEqual("the seq behind a thousand more", seqOf(cursor), 1_001);
    },
  },
];
