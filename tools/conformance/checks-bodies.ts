// H9 to H13: origins, and bodies.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { expectEqual, expectTrue } from "./mismatch.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

export const BODY_CHECKS: readonly Check[] = [
  {
    rule: "H9",
    description: "responses and refusals name an allowed origin, never *; a foreign preflight is refused",
    async run(hub) {
      const own = { Origin: hub.origin };
      const asks = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "traceparent,ce-id,x-conformance",
      };
      for (const Origin of hub.foreignOrigins) {
        const foreign = await hub.ask("OPTIONS", "/api/events", { headers: { Origin, ...asks } });
        expectRefusal(foreign, { status: 403, code: "foreign_origin" });
        const read = await hub.ask("GET", "/api/events", { headers: { Origin } });
        for (const { headers } of [foreign, read]) {
          expectEqual("the origin that is named to a foreign one", headers.get("Access-Control-Allow-Origin"), null);
        }
      }
      const preflight = await hub.ask("OPTIONS", "/api/events", { headers: { ...own, ...asks } });
      expectEqual("the status of a preflight", preflight.status, 204);
      const allowed = (name: string) => preflight.headers.get(`Access-Control-Allow-${name}`)?.toLowerCase() ?? "";
      for (const name of ["authorization", "content-type", "ce-id", "traceparent", "x-conformance"]) {
        expectTrue(`${name} to be allowed`, allowed("Headers").includes(name), allowed("Headers"));
      }
      for (const name of ["get", "post"]) {
        expectTrue(`${name} to be allowed`, allowed("Methods").includes(name), allowed("Methods"));
      }
      const replies = [preflight, await hub.ask("GET", "/api/events", { headers: own })];
      replies.push(await hub.post({ type: "" }, { headers: own }), await hub.ask("GET", "/none", { headers: own }));
      for (const { headers } of replies) {
        expectEqual("the origin that is named", headers.get("Access-Control-Allow-Origin"), hub.origin);
        const exposed = headers.get("Access-Control-Expose-Headers");
        expectTrue("Retry-After to be exposed", exposed?.toLowerCase().includes("retry-after") === true, exposed);
      }
      replies.push(await hub.ask("GET", "/health"));
      for (const { headers } of replies) {
        expectTrue("Vary: Origin", /\borigin\b/i.test(headers.get("Vary") ?? ""), headers.get("Vary"));
      }
    },
  },
  {
    rule: "H10",
    description: "NDJSON is one event per line, blank lines are skipped; a refusal has line and pointer",
    async run(hub) {
      for (const type of ["application/x-ndjson", "application/ndjson", "application/jsonl"]) {
        const headers = { "Content-Type": type };
        const { events } = await hub.emit('{"type":"a"}\n\n  \r\n{"type":"b"}\n', { headers });
        expectEqual(`events of ${type}`, events.length, 2);
        const bad = await hub.post('\n{"type":"a"}\n\n{"type":"b,c"}', { headers });
        expectRefusal(bad, { status: 400, code: "bad_event", pointer: "/1/type", line: 4 });
      }
    },
  },
  {
    rule: "H11",
    description: "invalid JSON or UTF-8 is bad_json, with the line and column of the fault",
    async run(hub) {
      const headers = { "Content-Type": "application/json" };
      const faults: [string | Uint8Array, number, number][] = [
        ['{"type":"t",}', 1, 13],
        ['{"type":"t"\n  "x":1}', 2, 3],
        ['["𝄞", x]', 1, 8],
        ["nope", 1, 2],
        [bytes(0x22, 0x0a, 0x22, 0xff), 2, 2],
      ];
      for (const [fault, line, column] of faults) {
        const reply = await hub.post(fault, { headers });
        expectRefusal(reply, { status: 400, code: "bad_json", line, column });
      }
    },
  },
  {
    rule: "H12",
    description: "other types, charsets and encodings are 415; without a Content-Type it is JSON",
    async run(hub) {
      const event = '{"type":"t"}';
      for (const type of ["text/plain", "application/xml", "application/json; charset=iso-8859-1"]) {
        const reply = await hub.post(event, { headers: { "Content-Type": type } });
        expectRefusal(reply, { status: 415, code: "unsupported_media_type" });
      }
      const gzip = { "Content-Type": "application/json", "Content-Encoding": "gzip" };
      expectRefusal(await hub.post(event, { headers: gzip }), { status: 415, code: "unsupported_encoding" });
      await hub.emit(event);
      await hub.emit(event, { headers: { "Content-Type": "Application/JSON; charset=UTF-8" } });
      expectEqual("events in the log", (await hub.log()).events.length, 2);
    },
  },
  {
    rule: "H13",
    description: "HEAD is answered as GET without the body, OPTIONS by 204 with Allow",
    async run(hub) {
      for (const path of ["/api/events", "/ws/status", "/ws/stats", "/ws/health", "/health", "/live"]) {
        const [head, get] = [await hub.ask("HEAD", path), await hub.ask("GET", path)];
        const answered = [head.status, head.headers.get("Content-Type"), head.text];
        expectEqual(`HEAD ${path}`, answered, [get.status, get.headers.get("Content-Type"), ""]);
        const options = await hub.ask("OPTIONS", path);
        expectEqual(`OPTIONS ${path}`, options.status, 204);
        const allow = options.headers.get("Allow");
        expectTrue("Allow with GET and HEAD", /GET/.test(allow ?? "") && /HEAD/.test(allow ?? ""), allow);
      }
    },
  },
];
