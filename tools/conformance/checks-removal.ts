// X1 to X6: what an operator takes out of the log is gone for everybody.
import type { Check } from "./check.ts";
import { expectRefusal, type HubUnderTest } from "./hub-under-test.ts";
import { count, expectEqual, expectLike, inCase, type Json } from "./mismatch.ts";
import type { TappedSocket } from "./tapped-socket.ts";

const at = (cursor: string, seq: number) => cursor.replace(/\d+$/, String(seq));
const seqsOf = (events: Json[]): unknown[] => events.map(({ seq }) => seq);

/** One event, with the key. */
const remove = (hub: HubUnderTest, cursor: string) => hub.as(hub.key).ask("DELETE", `/api/events/${cursor}`);
const removeBefore = (hub: HubUnderTest, before: string) =>
  hub.as(hub.key).ask("DELETE", "/api/events", {}, { before });

async function expectRemoved(hub: HubUnderTest, cursor: string, removed = 1): Promise<void> {
  const { status, body } = await remove(hub, cursor);
  expectEqual("the answer to a removal", [status, body], [200, { cursor, removed }]);
}

/** The next frame that is not an empty one with a position. */
async function nextFrame(socket: TappedSocket): Promise<Json> {
  for (;;) {
    const frame = await socket.frame();
    if (frame.type !== "reactor_events" || frame.events.length > 0) return frame;
  }
}

export const REMOVAL_CHECKS: readonly Check[] = [
  {
    rule: "X1",
    description: "an event that was taken out is in no page and no replay; the others keep their seqs, ranges cover it",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 6).map((n) => ({ type: n % 2 ? "odd" : "even", data: n })));
      for (const seq of [2, 3, 6]) await expectRemoved(hub, at(cursor, seq));
      const page = await hub.log();
      expectEqual("the seqs of a page", seqsOf(page.events), [1, 4, 5]);
      expectEqual(
        "the data of a page",
        page.events.map(({ data }: Json) => data),
        [1, 4, 5],
      );
      expectLike("the page", page, { cursor, head: cursor });
      expectEqual("the newest seqs", seqsOf((await hub.log({ last: 2 })).events), [4, 5]);
      expectEqual("seqs by a pattern", seqsOf((await hub.log({ events: "e*" })).events), [4]);
      const { socket, welcome } = await hub.listen({ cursor: at(cursor, 1) });
      expectEqual("recovered of a replay", welcome.recovered, true);
      expectEqual("the seqs of a replay", seqsOf(await socket.events(2)), [4, 5]);
      await hub.emit({ type: "odd" });
      expectEqual("the seq of a later event", seqsOf(await socket.events(1)), [7]);
    },
  },
  {
    rule: "X2",
    description: "a retry of an event that was taken out is a duplicate, and one with other data a conflict",
    async run(hub) {
      const event = { type: "t", source: "conf", id: "1", data: { n: 1 } };
      const { cursor } = await hub.emit(event);
      await expectRemoved(hub, cursor);
      expectEqual("the receipt of a retry", await hub.emit(event), {
        cursor,
        events: [{ id: "1", seq: 1, duplicate: true }],
      });
      expectRefusal(await hub.post({ ...event, data: { n: 2 } }), { status: 409, code: "id_conflict" });
      expectEqual("events in the log", (await hub.log()).events, []);
    },
  },
  {
    rule: "X3",
    description: "clients of v1 are told of a removal, whatever they are subscribed to, and their position stays",
    async run(hub) {
      const { socket } = await hub.listen();
      const { socket: other } = await hub.listen({ events: "other" });
      const { socket: legacy } = await hub.listen({}, []);
      const { cursor } = await hub.emit([{ type: "t" }, { type: "t" }]);
      await socket.events(2);
      await expectRemoved(hub, at(cursor, 1));
      await expectRemoved(hub, at(cursor, 1), 0);
      await hub.emit({ type: "other" });
      const notice = { type: "reactor_removed", data: { cursor: at(cursor, 1) } };
      for (const each of [socket, other]) expectEqual("the frame to a client of v1", await nextFrame(each), notice);
      expectLike("the frame after it", await nextFrame(socket), {
        type: "reactor_events",
        after: 2,
        cursor: at(cursor, 3),
      });
      const types = [];
      for (let n = 0; n < 3; n++) types.push((await legacy.frame()).type);
      expectEqual("what a legacy client is sent", types, ["t", "t", "other"]);
    },
  },
  {
    rule: "X4",
    description: "what is below a cursor is taken out; that event stays, and who had not read it is reset as trimmed",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 9).map((n) => ({ type: "t", data: n })));
      for (const removed of [5, 0]) {
        const { status, body } = await removeBefore(hub, at(cursor, 6));
        expectEqual("the answer", [status, body], [200, { cursor: at(cursor, 6), removed }]);
      }
      expectEqual("the seqs that stay", seqsOf((await hub.log()).events), [6, 7, 8, 9]);
      const reset = { reason: "trimmed", oldest: at(cursor, 6), cursor: at(cursor, 5) };
      expectLike("a page after a cursor before them", await hub.log({ after: at(cursor, 2) }), { reset });
      const { body } = await removeBefore(hub, at(cursor, 10));
      expectEqual("how many are left to be removed by one above the head", body?.removed, 4);
      expectEqual("the seqs that stay then", seqsOf((await hub.log()).events), []);
      expectEqual("the seq of a later event", (await hub.emit({ type: "t" })).events[0].seq, 10);
    },
  },
  {
    rule: "X5",
    description: "places that the log never had are refused, and so is a client without a key; nothing is taken out",
    async run(hub) {
      const { cursor } = await hub.emit([{ type: "t" }, { type: "t" }]);
      for (const place of [at(cursor, 3), at(cursor, 0), "otherepoch.1", "0.0"]) {
        await inCase(`DELETE ${place}`, async () =>
          expectRefusal(await remove(hub, place), { status: 404, code: "event_not_found" }),
        );
      }
      for (const place of [at(cursor, 4), "otherepoch.1"]) {
        const reply = await removeBefore(hub, place);
        await inCase(`before=${place}`, async () => expectRefusal(reply, { status: 404, code: "event_not_found" }));
      }
      expectRefusal(await remove(hub, "x"), { status: 400, code: "bad_cursor" });
      const all = await hub.as(hub.key).ask("DELETE", "/api/events");
      await inCase("without before", async () => expectRefusal(all, { status: 400, code: "bad_cursor" }));
      const clients = { "no key": null, "a wrong key": "wrong", ...(hub.tokens && { "a token": await hub.token() }) };
      for (const [what, credential] of Object.entries(clients)) {
        const client = hub.as(credential);
        const refused = what === "a token" ? { status: 403, code: "forbidden" } : { status: 401, code: "unauthorized" };
        for (const reply of [
          await client.ask("DELETE", `/api/events/${at(cursor, 1)}`),
          await client.ask("DELETE", "/api/events", {}, { before: cursor }),
        ]) {
          await inCase(`with ${what}`, async () => expectRefusal(reply, refused));
        }
      }
      expectEqual("the seqs in the log", seqsOf((await hub.log()).events), [1, 2]);
    },
  },
  {
    rule: "X6",
    description: "a page from which an event was taken out has another ETag",
    async run(hub) {
      const { cursor } = await hub.emit(count(1, 20).map(() => ({ type: "t" })));
      const ask = (held = "") =>
        hub.ask("GET", "/api/events", { headers: { "If-None-Match": held } }, { after: at(cursor, 0), limit: 5 });
      const etag = (await ask()).headers.get("ETag") ?? "";
      expectEqual("the status for a client that has the page", (await ask(etag)).status, 304);
      await expectRemoved(hub, at(cursor, 2));
      const reply = await ask(etag);
      expectEqual("the status after a removal", reply.status, 200);
      expectEqual("the seqs after a removal", seqsOf(reply.body?.events ?? []), [1, 3, 4, 5, 6]);
    },
  },
];
