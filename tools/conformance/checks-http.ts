// H: the HTTP routes.
import type { Check } from "./check.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { count, expectEqual, expectLike, expectTrue, type Json, seqOf } from "./mismatch.ts";

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
    rule: "H2",
    description: "the log is read in pages, after a cursor, by patterns, up to a limit",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 150).map((n) => ({ type: n % 2 ? "odd" : "even" })));
      const page = await hub.log();
      expectEqual(
        "seqs without a limit",
        page.events.map(({ seq }: Json) => seq),
        count(1, 100),
      );
      expectEqual("more and head of a page behind the head", [page.more, page.head], [true, undefined]);
      const seqs: number[] = [];
      let after = page.after;
      for (let more = true, pages = 0; more && pages < 100; pages++) {
        const next = await hub.log({ after, events: "ev*", limit: 10 });
        more = next.more;
        expectEqual("head of each page", next.head, more ? undefined : cursor);
        expectTrue("at most ten events from `after` on", next.events.length <= 10 && next.after === after, next);
        seqs.push(...next.events.map(({ seq }: Json) => seq));
        after = next.cursor;
      }
      expectEqual(
        "even seqs, page by page",
        seqs,
        count(1, 75).map((n) => 2 * n),
      );
      for (const limit of ["0", "1001", "-1", "1.5", "x"]) {
        expectRefusal(await hub.ask("GET", "/api/events", {}, { limit }), { status: 400, code: "bad_limit" });
      }
    },
  },
  {
    rule: "H18",
    description: "the newest events are read, and backwards from there; where to begin is said once",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 50).map((n) => ({ type: n % 2 ? "odd" : "even" })));
      const newest = await hub.log({ last: 3 });
      expectEqual(
        "the newest seqs",
        newest.events.map(({ seq }: Json) => seq),
        [48, 49, 50],
      );
      expectLike("the page", newest, { cursor, head: cursor, more: true });
      const seqs: number[] = [];
      let page = await hub.log({ last: 10, events: "ev*" });
      for (let pages = 0; pages < 100; pages++) {
        seqs.unshift(...page.events.map(({ seq }: Json) => seq));
        if (!page.more) break;
        const { after } = page;
        page = await hub.log({ before: after, events: "ev*", limit: 10 });
        expectEqual("cursor and head of a page before a cursor", [page.cursor, page.head], [after, undefined]);
      }
      expectEqual(
        "even seqs, page by page",
        seqs,
        count(1, 25).map((n) => 2 * n),
      );
      const reset = await hub.log({ before: "otherepoch.1" });
      expectLike("a page before a cursor of another epoch", reset, { reset: { reason: "epoch", cursor } });
      for (const last of ["0", "1001", "-1", "1.5", "x"]) {
        expectRefusal(await hub.ask("GET", "/api/events", {}, { last }), { status: 400, code: "bad_limit" });
      }
      const begins = { after: cursor, before: cursor, last: "1" };
      for (const none of Object.keys(begins)) {
        const both = Object.fromEntries(Object.entries(begins).filter(([name]) => name !== none));
        const reply = await hub.ask("GET", "/api/events", {}, both);
        expectRefusal(reply, { status: 400, code: "conflicting_parameters" });
      }
    },
  },
  {
    rule: "H19",
    description:
      "a full page behind the head has an ETag that stays, by filter, and is answered 304 to a client that has it",
    async run(hub) {
      await hub.emit(count(1, 20).map(() => ({ type: "t" })));
      const query = { limit: 5 };
      const etag = (await hub.ask("GET", "/api/events", {}, query)).headers.get("ETag");
      expectTrue("an ETag", /^(W\/)?"[^"]+"$/.test(etag ?? ""), etag);
      await hub.emit({ type: "t" });
      const init = { headers: { "If-None-Match": etag ?? "" } };
      const held = await hub.ask("GET", "/api/events", init, query);
      expectEqual("the status and text for a client that has it", [held.status, held.text], [304, ""]);
      expectEqual(
        "for another filter",
        (await hub.ask("GET", "/api/events", init, { ...query, events: "t" })).status,
        200,
      );
      const newest = await hub.ask("GET", "/api/events", {}, { last: 5 });
      expectEqual("the ETag of a page that reaches the head", newest.headers.get("ETag"), null);
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
    description: "a refusal is a problem with title, status, code, detail and pointer, and nothing is stored",
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
      expectTrue("stats and a timestamp", health.websocket.stats && health.timestamp, health);
      expectLike("/health", (await hub.ask("GET", "/health")).body, { status: "healthy" });
    },
  },
  {
    rule: "H7",
    description: "an unknown route is 404, a wrong method 405 with Allow",
    async run(hub) {
      expectRefusal(await hub.ask("GET", "/nothing/here"), { status: 404, code: "not_found" });
      for (const path of ["/api/events", "/ws/stream", "/ws/status", "/ws/stats", "/ws/health", "/health", "/live"]) {
        const reply = await hub.ask("DELETE", path);
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
    description: "channel is 1 to 64 of a-z 0-9 . _ -, beginning with a letter or digit, at every route",
    async run(hub) {
      const refused = { status: 400, code: "bad_channel" };
      for (const channel of ["", "A", "-a", ".a", "_a", "a b", "ä", "a/b", "x".repeat(65)]) {
        expectRefusal(await hub.post({ type: "t" }, { query: { channel } }), refused);
        expectRefusal(await hub.ask("GET", "/api/events", {}, { channel }), refused);
        expectRefusal(await hub.ask("GET", "/ws/stats", {}, { channel }), refused);
        expectRefusal(await hub.upgrade({ channel }), refused);
      }
      const long = `${hub.freshChannel()}.-_`.padEnd(64, "x");
      await hub.emit({ type: "t" }, { query: { channel: long } });
    },
  },
  {
    rule: "H20",
    description: "unknown and repeated parameters are refused, with a suggestion; repeated events= join",
    async run(hub) {
      for (const path of ["/api/events", "/ws/status", "/ws/stats", "/ws/health"]) {
        const reply = await hub.ask("GET", path, {}, { chanel: "x" });
        expectRefusal(reply, { status: 400, code: "unknown_parameter" });
        expectTrue("a detail that names channel", reply.body.detail.includes('"channel"'), reply.body.detail);
        const twice = await hub.ask("GET", `${path}?token=a&token=a`);
        expectRefusal(twice, { status: 400, code: "repeated_parameter" });
      }
      for (const name of ["chanel", "events[]", "after"]) {
        expectRefusal(await hub.upgrade({ [name]: "x" }), { status: 400, code: "unknown_parameter" });
      }
      expectRefusal(await hub.post({ type: "t" }, { query: { chanel: "x" } }), {
        status: 400,
        code: "unknown_parameter",
      });
      await hub.emit([{ type: "a" }, { type: "b" }, { type: "c" }]);
      const joined = await hub.ask("GET", "/api/events?events=a&events=c");
      const types = joined.body?.events?.map(({ type }: Json) => type);
      expectEqual("types of events=a&events=c", types, ["a", "c"]);
      expectEqual("/health with a parameter", (await hub.ask("GET", "/health", {}, { utm: "x" })).status, 200);
    },
  },
];
