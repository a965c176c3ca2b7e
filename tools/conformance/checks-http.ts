// H: the HTTP routes.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { expectEqual, expectLike, expectTrue, seqOf } from "./mismatch.ts";

export const HTTP_CHECKS: readonly Check[] = [
  {
    rule: "H1",
    description: "an emit is one event or an array, and is answered with one entry per event and the highest cursor",
    async run(hub) {
      const one = await hub.emit({ type: "t", id: "a" });
      expectEqual("entries", one.events, [{ id: "a", seq: 1, duplicate: false }]);
      expectEqual("the cursor's seq", seqOf(one.cursor), 1);
      const many = await hub.emit([{ type: "t", id: "b" }, { type: "t" }]);
      expectLike("entries", many.events, [
        { id: "b", seq: 2 },
        { id: many.cursor, seq: 3, duplicate: false },
      ]);
      expectEqual("the cursor's seq", seqOf(many.cursor), 3);
      expectRefusal(await hub.post([]), { status: 400, code: "empty_batch" });
    },
  },
  {
    rule: "H3",
    description: "an emit needs the key, which is checked before the body is read",
    async run(hub) {
      for (const Authorization of ["", "Bearer ", "Bearer wrong", `Basic ${hub.key}`, hub.key, `Bearer ${hub.key}x`]) {
        const reply = await hub.post("not JSON", { headers: { Authorization } });
        expectRefusal(reply, { status: 401, code: "unauthorized" });
      }
      await hub.emit({ type: "t" });
      expectEqual("events in the log", (await hub.log()).events.length, 1);
    },
  },
  {
    rule: "H4",
    description: "a refusal is a problem with type, title, status, code, detail and pointer, and nothing is stored",
    async run(hub) {
      const reply = await hub.post([{ type: "good" }, { type: "good", source: 7 }]);
      expectRefusal(reply, { status: 400, code: "bad_event", pointer: "/1/source" });
      expectTrue("a title", typeof reply.body.title === "string" && reply.body.title !== "", reply.body);
      expectEqual("events in the log", (await hub.log()).events, []);
    },
  },
  {
    rule: "H6",
    description: "status, stats and health have their documented members; counts are numbers, times seconds or null",
    async run(hub) {
      expectEqual("the time before the first event", (await hub.stats()).ws_last_event_ts, null);
      await hub.emit([{ type: "t" }, { type: "t" }]);
      await hub.listen();
      const status = (await hub.ask("GET", "/ws/status")).body;
      const counts = { connected_clients: 1, events_emitted_total: 2 };
      expectLike("/ws/status", status, { status: "active", connected_clients: 1, stats: counts });
      expectTrue("names of events", Array.isArray(status.reactor_events), status);
      const stats = await hub.stats();
      const old = { connected_clients: 1, ws_active_connections: 1, ws_events_emitted_total: 2 };
      expectLike("/ws/stats", stats, old);
      expectTrue("a number of names", typeof stats.reactor_events_subscribed === "number", stats);
      for (const time of [stats.ws_last_event_ts, status.stats.last_event_timestamp]) {
        expectTrue("seconds since 1970, of this hour", Math.abs(time - Date.now() / 1_000) < 3_600, time);
      }
      const health = (await hub.ask("GET", "/ws/health")).body;
      expectLike("/ws/health", health, { reactor: { events_emitted: 2 }, websocket: { active_connections: 1 } });
      for (const name of ["listeners", "uptime"]) {
        expectTrue(`a number as ${name}`, typeof health.reactor[name] === "number", health);
      }
      for (const name of ["connected_clients", "events_emitted_total", "last_event_timestamp"]) {
        expectTrue(`a number as ${name}`, typeof health.websocket.stats[name] === "number", health);
      }
      expectTrue("seconds since 1970", Math.abs(health.timestamp - Date.now() / 1_000) < 3_600, health.timestamp);
      expectLike("/health", (await hub.ask("GET", "/health")).body, { status: "healthy" });
    },
  },
  {
    rule: "H21",
    description: "health is 200 with the hub's answer of the last 30 s, and /health tells of the default channel's hub",
    async run(hub) {
      const first = await hub.ask("GET", "/ws/health");
      expectEqual("the status of /ws/health", first.status, 200);
      await hub.emit({ type: "t" });
      const { timestamp, reactor } = (await hub.ask("GET", "/ws/health")).body;
      const [told, age] = [reactor.events_emitted, timestamp - first.body.timestamp];
      expectTrue("the old answer with its time, or a newer one", (told === 0) === (age === 0), { told, age });
      const { status, body } = await hub.ask("GET", "/health");
      expectEqual("the status of /health", status, 200);
      const known = ["healthy", "disabled", "error", "unknown"].includes(body.hub?.status);
      expectTrue("what /health knows of a hub", known, body);
    },
  },
  {
    rule: "H22",
    description: "the type of a refusal leads to a page that explains its code",
    async run(hub) {
      const { body } = await hub.post({ type: "t", payload: {} });
      expectEqual("the type", body?.type, "/errors#unknown_field");
      const page = await hub.ask("GET", "/errors");
      expectEqual("the status of /errors", page.status, 200);
      expectTrue("an entry of its code", page.text.includes('id="unknown_field"'), page.text.slice(0, 300));
    },
  },
  {
    rule: "H7",
    description: "an unknown route is 404, a wrong method 405 with Allow",
    async run(hub) {
      expectRefusal(await hub.ask("GET", "/nothing/here"), { status: 404, code: "not_found" });
      for (const path of ["/api/events", "/ws/stream", "/ws/status", "/ws/stats", "/ws/health", "/health", "/live"]) {
        const reply = await hub.ask("PUT", path);
        expectRefusal(reply, { status: 405, code: "method_not_allowed" });
        expectTrue("Allow with GET", reply.headers.get("Allow")?.includes("GET") === true, reply.headers.get("Allow"));
      }
    },
  },
  {
    rule: "H17",
    description:
      "every response has nosniff, no referrer, and a policy without inline scripts and framing; any page may load scripts",
    async run(hub) {
      for (const path of ["/health", "/live", "/nothing/here", "/api/events?limit=0"]) {
        const { headers } = await hub.ask("GET", path);
        expectEqual(`nosniff of ${path}`, headers.get("X-Content-Type-Options"), "nosniff");
        expectEqual(`referrer policy of ${path}`, headers.get("Referrer-Policy"), "no-referrer");
        const policy = headers.get("Content-Security-Policy") ?? "";
        expectTrue(`a policy of ${path} without inline script`, !policy.includes("unsafe-inline"), policy);
        expectTrue(`a policy of ${path} against frames`, policy.includes("frame-ancestors 'none'"), policy);
      }
      const script = await hub.ask("GET", "/static/js/reactor.js", {
        headers: { Origin: "https://conformance.invalid" },
      });
      expectEqual("who may load a script", script.headers.get("Access-Control-Allow-Origin"), "*");
      const policy = script.headers.get("Cross-Origin-Resource-Policy");
      expectEqual("who may load a script without asking", policy, "cross-origin");
    },
  },
  {
    rule: "H15",
    description: "/live has no inline script and loads nothing from other origins",
    async run(hub) {
      const { status, text, headers } = await hub.ask("GET", "/live");
      expectEqual("the status", status, 200);
      const scripts = [...text.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)];
      for (const [whole, attributes, content] of scripts) {
        expectTrue("a script by its src", /\ssrc=/.test(attributes ?? "") && content?.trim() === "", whole);
      }
      expectTrue("a script", scripts.length > 0, text.slice(0, 200));
      const elsewhere = /(?:src|href)=["']?(?:https?:)?\/\/[^"' >]*/i.exec(text)?.[0] ?? null;
      expectEqual("what is loaded from elsewhere", elsewhere, null);
      expectTrue("no handlers in attributes", !/<[^>]+\son\w+=/i.test(text), text.slice(0, 200));
      const policy = headers.get("Content-Security-Policy") ?? "";
      expectTrue("a policy without unsafe-inline", policy !== "" && !policy.includes("unsafe-inline"), policy);
    },
  },
  {
    rule: "H16",
    description: "channel is 1 to 128 of A-Z a-z 0-9 . _ : -, beginning with a letter or digit, at every route",
    async run(hub) {
      const refused = { status: 400, code: "bad_channel" };
      for (const channel of ["", "-a", ".a", "_a", ":a", "a b", "ä", "a/b", "x".repeat(129)]) {
        expectRefusal(await hub.post({ type: "t" }, { query: { channel } }), refused);
        expectRefusal(await hub.ask("GET", "/api/events", {}, { channel }), refused);
        expectRefusal(await hub.ask("GET", "/ws/stats", {}, { channel }), refused);
        expectRefusal(await hub.upgrade({ channel }), refused);
      }
      const long = `${hub.freshChannel()}.-_:A`.padEnd(128, "x");
      await hub.emit({ type: "t" }, { query: { channel: long } });
      const inCapitals = await hub.log({ channel: long.toUpperCase() });
      expectEqual("events of the channel in capitals", inCapitals.events, []);
    },
  },
];
