// H2, H18, H19 and H20: the history, page by page, forwards and backwards, and its query.
import type { Check } from "./check.ts";
import { expectRefusedQuery } from "./expect-refused-query.ts";
import { expectRefusal } from "./hub-under-test.ts";
import { count, expectEqual, expectLike, expectTrue, inCase, type Json, seqOf } from "./mismatch.ts";

const seqsOf = ({ events }: Json): unknown[] => events.map(({ seq }: Json) => seq);

export const HISTORY_CHECKS: readonly Check[] = [
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
      const { cursor } = await hub.emit(count(1, 120).map((n) => ({ type: n % 2 ? "odd" : "even" })));
      const newest = await hub.log({ last: 3 });
      expectEqual("the newest seqs", seqsOf(newest), [118, 119, 120]);
      expectLike("the page", newest, { cursor, head: cursor, more: true });
      expectEqual("the newest seqs by a smaller limit", seqsOf(await hub.log({ last: 3, limit: 2 })), [119, 120]);
      const upToHead = await hub.log({ before: cursor });
      expectEqual("the seqs up to the head, without a limit", seqsOf(upToHead), count(21, 120));
      expectEqual("the head of a page up to the head", upToHead.head, cursor);
      const seqs: unknown[] = [];
      let page = await hub.log({ last: 10, events: "ev*" });
      for (let pages = 1; page.more && pages < 100; pages++) {
        seqs.unshift(...seqsOf(page));
        const { after } = page;
        expectTrue("a page that begins before its first event", seqOf(after) < page.events[0]?.seq, page);
        page = await hub.log({ before: after, events: "ev*", limit: 10 });
        expectEqual("cursor and head of a page before a cursor", [page.cursor, page.head], [after, undefined]);
      }
      seqs.unshift(...seqsOf(page));
      const even = count(1, 60).map((n) => 2 * n);
      expectEqual("even seqs, page by page", seqs, even);
      const first = await hub.log({ before: cursor.replace(/\d+$/, "5") });
      expectEqual("the seqs up to 5", seqsOf(first), count(1, 5));
      expectEqual("more before the first event", first.more, false);
      const reset = await hub.log({ before: "otherepoch.1", limit: 2 });
      expectLike("a page before a cursor of another epoch", reset, { reset: { reason: "epoch", cursor } });
      expectEqual("what is read back from a reset", seqsOf(reset), [119, 120]);
      for (const last of ["0", "1001", "-1", "1.5", "x"]) {
        const reply = await hub.ask("GET", "/api/events", {}, { last });
        await inCase(`last=${last}`, async () => expectRefusal(reply, { status: 400, code: "bad_limit" }));
      }
      const begins = { after: cursor, before: cursor, last: "1" };
      for (const none of Object.keys(begins)) {
        const both = Object.fromEntries(Object.entries(begins).filter(([name]) => name !== none));
        const reply = await hub.ask("GET", "/api/events", {}, both);
        const names = Object.keys(both).join(" and ");
        await inCase(names, async () => expectRefusal(reply, { status: 400, code: "conflicting_parameters" }));
      }
    },
  },
  {
    rule: "H19",
    description:
      "a full page behind the head has an ETag that stays, by filter, and is answered 304 to a client that has it",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 20).map(() => ({ type: "t" })));
      const query = { limit: 5 };
      const asks = (more: Json = {}, held = "", client = hub) =>
        client.ask("GET", "/api/events", { headers: { "If-None-Match": held } }, { ...query, ...more });
      const { headers } = await asks();
      const etag = headers.get("ETag") ?? "";
      expectTrue("an ETag", /^(W\/)?"[^"]+"$/.test(etag), etag);
      const kept = headers.get("Cache-Control") ?? "";
      expectTrue("private, no-cache", kept.includes("private") && kept.includes("no-cache"), kept);
      await hub.emit({ type: "t" });
      expectEqual("the ETag after a later event", (await asks()).headers.get("ETag"), etag);
      for (const held of [etag, `"other", ${etag}`]) {
        const reply = await asks({}, held);
        expectEqual("the status and text for a client that has it", [reply.status, reply.text], [304, ""]);
      }
      expectEqual("the status for a client that has another", (await asks({}, '"other"')).status, 200);
      for (const more of [{ limit: 6 }, { events: "t" }, { after: cursor.replace(/\d+$/, "1") }, { before: cursor }]) {
        const reply = await asks(more, etag);
        const other = reply.headers.get("ETag");
        expectEqual(`the status with ${JSON.stringify(more)}`, reply.status, 200);
        expectTrue(`an ETag of its own with ${JSON.stringify(more)}`, other !== null && other !== etag, other);
      }
      if (hub.tokens) {
        const reader = hub.as(await hub.token({ events: ["t"] }));
        expectEqual("the status for a reader with other rights", (await asks({}, etag, reader)).status, 200);
      }
      for (const more of [{ last: 5 }, { after: cursor }, { before: "otherepoch.1" }]) {
        const reply = await asks(more);
        const caching = [reply.headers.get("ETag"), reply.headers.get("Cache-Control")];
        expectEqual(`ETag and Cache-Control with ${JSON.stringify(more)}`, caching, [null, "no-store"]);
      }
    },
  },
  {
    rule: "H20",
    description: "unknown and repeated parameters are refused, with a suggestion; repeated events= join",
    async run(hub) {
      for (const path of ["/api/events", "/ws/status", "/ws/stats", "/ws/health"]) {
        const reply = await hub.ask("GET", path, {}, { chanel: "x" });
        const refused = { status: 400, code: "unknown_parameter" };
        await inCase(`${path} with chanel`, async () => expectRefusal(reply, refused));
        expectTrue("a detail that names channel", reply.body.detail.includes('"channel"'), reply.body.detail);
        const twice = await hub.ask("GET", `${path}?token=a&token=a`);
        const repeated = { status: 400, code: "repeated_parameter" };
        await inCase(`${path} with token twice`, async () => expectRefusal(twice, repeated));
      }
      for (const name of ["chanel", "events[]", "after"]) {
        await expectRefusedQuery(hub, { [name]: "x" }, "unknown_parameter");
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
